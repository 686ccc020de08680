using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Inference;
using DriftGuard.Embedding.Onnx;
using DriftGuard.Embedding.Tokenization;
using Microsoft.ML.OnnxRuntime;

namespace DriftGuard.Embedding.Benchmarking;

/// <summary>
/// The fastest that the model's sessions can be fed: batches tokenised and laid out beforehand, run by the workers. Nothing is pooled,
/// normalised or kept.
/// </summary>
internal sealed class RawLimit : IDisposable
{
    private readonly OnnxModel _model;
    private readonly List<OrtValue[]> _batches = [];
    private readonly RunOptions _runOptions = new();
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;

    /// <param name="model">The model.</param>
    /// <param name="windows">The texts, in the windows in which the pipeline sorts them.</param>
    /// <param name="tokensPerRun">Tokens a run.</param>
    public RawLimit(OnnxModel model, IEnumerable<TokenisedText[]> windows, int tokensPerRun)
    {
        _model = model;
        TokensPerRun = tokensPerRun;
        _inputNames = [.. model.InputNames];
        _outputNames = [model.Text.Spec.Output];
        foreach (var window in windows)
            _batches.AddRange(BatchPlan.Split([window], tokensPerRun).Select(LayOut));
    }

    public int TokensPerRun { get; }

    /// <summary>The texts as the model gets them, window by window.</summary>
    public static List<TokenisedText[]> Tokenise(OnnxModel model, IReadOnlyList<string> texts, InputKind kind, int window)
    {
        var windows = new List<TokenisedText[]>();
        foreach (var part in texts.Chunk(window))
        {
            var (buffer, tokenised, pieces) = (new TokenBuffer(), new List<TokenisedText>(), new List<TokenRange>());
            for (var i = 0; i < part.Length; i++)
            {
                pieces.Clear();
                if (model.Text.Encoder.Encode(part[i], kind, buffer, pieces, out var truncated) is null)
                    tokenised.AddRange(pieces.Select(piece => new TokenisedText([], i, buffer, piece, truncated)));
            }

            windows.Add([.. tokenised]);
        }

        return windows;
    }

    /// <summary>Runs all batches once.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _model.Crew.RunAsync(
        [.. _batches.Select(batch => (Action<OnnxSession>)(session => session.Inner.Run(_runOptions, _inputNames, batch, _outputNames).Dispose()))],
        interactive: false, cancellationToken);

    public void Dispose()
    {
        _batches.ForEach(b => Array.ForEach(b, i => i.Dispose()));
        _runOptions.Dispose();
    }

    private OrtValue[] LayOut(ArraySegment<TokenisedText> texts)
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

        return [.. _inputNames.Select(name => OrtValue.CreateTensorValueFromMemory(
            name == GraphContract.InputIds ? ids : name == GraphContract.AttentionMask ? mask : new long[ids.Length], [texts.Count, sequence]))];
    }
}
