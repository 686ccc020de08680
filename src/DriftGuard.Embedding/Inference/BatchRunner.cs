using System.Numerics.Tensors;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Onnx;
using DriftGuard.Embedding.Tokenization;
using Microsoft.ML.OnnxRuntime;

namespace DriftGuard.Embedding.Inference;

/// <summary>Runs a batch on a session and writes what became of each text.</summary>
internal sealed class BatchRunner(ModelSpec spec, int paddingId, EmbeddingStatistics statistics)
{
    private readonly Pooler _pooler = new(spec);
    private readonly int _native = GraphContract.NativeDimensions(spec);

    public void Run(OnnxSession session, ArraySegment<TokenisedText> batch)
    {
        var sequence = batch[0].Length;
        statistics.CountRun(padding: (batch.Count * sequence) - batch.Sum(t => t.Length));
        Fill(session, batch, sequence);
        try
        {
            session.Run(batch.Count, sequence, (this, batch), static (output, dimensions, state) =>
                state.Item1.Read(output, dimensions, state.batch));
        }
        catch (Exception e) when (e is OnnxRuntimeException or InvalidDataException)
        {
            // One text that the runtime refuses must not take its neighbours with it.
            if (batch.Count > 1)
            {
                for (var i = 0; i < batch.Count; i++)
                    Run(session, batch.Slice(i, 1));
            }
            else
            {
                batch[0].Destination[batch[0].Index] = EmbeddingOutcome.Failed(
                    $"the model failed on this text: {e.Message}", batch[0].Length, batch[0].Truncated);
            }
        }
    }

    /// <summary>Writes the ids of a batch, longest text first, into the buffers of a session.</summary>
    public void Fill(OnnxSession session, ArraySegment<TokenisedText> batch, int sequence)
    {
        var ids = session.Ids(batch.Count, sequence);
        var mask = session.Mask(batch.Count, sequence);
        for (var i = 0; i < batch.Count; i++)
        {
            var length = batch[i].Length;
            var row = ids.Slice(i * sequence, sequence);
            TensorPrimitives.ConvertChecked<int, long>(batch[i].Ids, row);
            row[length..].Fill(paddingId);
            mask.Slice(i * sequence, length).Fill(1);
            mask.Slice(i * sequence + length, sequence - length).Clear();
        }
    }

    private void Read(ReadOnlySpan<float> output, int dimensions, ArraySegment<TokenisedText> batch)
    {
        if (dimensions != _native)
            throw new InvalidDataException(GraphContract.WrongDimensions(spec, dimensions));
        var perText = output.Length / batch.Count;
        for (var i = 0; i < batch.Count; i++)
        {
            var text = batch[i];
            var vector = _pooler.Pool(output.Slice(i * perText, perText), text.Length, out var failure);
            text.Destination[text.Index] = vector is null
                ? EmbeddingOutcome.Failed(failure!, text.Length, text.Truncated)
                : EmbeddingOutcome.Embedded(vector, text.Length, text.Truncated);
        }
    }
}
