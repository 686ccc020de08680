using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Inference;
using DriftGuard.Embedding.Onnx;
using DriftGuard.Embedding.Tokenization;
using Microsoft.ML.OnnxRuntime;

namespace DriftGuard.Benchmarks.Embedding;

/// <summary>
/// The fastest that the model's sessions can be fed: the batches of the pipeline, tokenised and laid out beforehand, run by a thread
/// a session. Nothing is pooled, normalised or kept.
/// </summary>
internal sealed class RawLimit : IDisposable
{
    private readonly OnnxModel _model;
    private readonly List<Batch> _batches = [];
    private readonly RunOptions _runOptions = new();
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;

    public RawLimit(OnnxModel model, IReadOnlyList<string> texts, int window)
    {
        _model = model;
        _inputNames = [.. model.Workers.Sessions[0].Inner.InputMetadata.Keys];
        _outputNames = [model.Spec.Output];
        foreach (var part in texts.Chunk(window))
        {
            var buffer = new TokenBuffer();
            var tokenised = new List<TokenisedText>();
            for (var i = 0; i < part.Length; i++)
            {
                var pieces = new List<TokenRange>();
                if (model.Encoder.Encode(part[i], InputKind.Document, buffer, pieces, out var truncated) is null)
                    tokenised.AddRange(pieces.Select(piece => new TokenisedText([], i, buffer, piece, truncated)));
            }

            _batches.AddRange(BatchPlan.Split([.. tokenised], model.TokensPerRun).Select(LayOut));
            Tokens += tokenised.Sum(t => (long)t.Length);
        }
    }

    public long Tokens { get; }

    public int Runs => _batches.Count;

    public void Run()
    {
        var next = -1;
        var threads = _model.Workers.Sessions.Select(session => new Thread(() =>
        {
            for (var i = Interlocked.Increment(ref next); i < _batches.Count; i = Interlocked.Increment(ref next))
                session.Inner.Run(_runOptions, _inputNames, _batches[i].Inputs, _outputNames).Dispose();
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
    }

    public void Dispose()
    {
        _batches.ForEach(b => b.Dispose());
        _runOptions.Dispose();
    }

    private Batch LayOut(ArraySegment<TokenisedText> texts)
    {
        var sequence = texts[0].Length;
        var ids = new long[texts.Count * sequence];
        var mask = new long[ids.Length];
        for (var i = 0; i < texts.Count; i++)
        {
            for (var j = 0; j < texts[i].Length; j++)
            {
                ids[(i * sequence) + j] = texts[i].Ids[j];
                mask[(i * sequence) + j] = 1;
            }
        }

        return new([.. _inputNames.Select(name => OrtValue.CreateTensorValueFromMemory(
            name == GraphContract.InputIds ? ids : name == GraphContract.AttentionMask ? mask : new long[ids.Length],
            [texts.Count, sequence]))]);
    }

    private sealed record Batch(OrtValue[] Inputs) : IDisposable
    {
        public void Dispose() => Array.ForEach(Inputs, i => i.Dispose());
    }
}
