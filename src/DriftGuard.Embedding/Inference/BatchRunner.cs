using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Onnx;
using DriftGuard.Embedding.Tokenization;
using Microsoft.ML.OnnxRuntime;

namespace DriftGuard.Embedding.Inference;

/// <summary>Runs a batch on a session and writes what became of each text.</summary>
internal sealed class BatchRunner(ModelSpec spec, int paddingId, EmbeddingStatistics statistics)
{
    private readonly Pooler _pooler = new(spec);
    private readonly GraphOutput _output = GraphOutput.Of(spec);

    public void Run(OnnxSession session, ArraySegment<TokenisedText> batch)
    {
        var sequence = batch[0].Length;
        statistics.CountRun(padding: (batch.Count * sequence) - Fill(session, batch, sequence));
        try
        {
            session.Run(_output, batch.Count, sequence, (this, batch), static (output, dimensions, state) =>
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

    /// <summary>Writes the ids of a batch, longest text first, into the buffers of a session; gives the number of tokens.</summary>
    public int Fill(OnnxSession session, ArraySegment<TokenisedText> batch, int sequence)
    {
        var ids = session.Ids(batch.Count, sequence);
        var mask = session.Mask(batch.Count, sequence);
        var tokens = 0;
        foreach (ref readonly var text in batch.AsSpan())
        {
            // Texts are short: a plain loop is over before a vectorised call has begun.
            var from = text.Ids;
            var row = ids[..from.Length];
            for (var i = 0; i < row.Length; i++)
                row[i] = from[i];
            mask[..from.Length].Fill(1);
            ids[from.Length..sequence].Fill(paddingId);
            mask[from.Length..sequence].Clear();
            ids = ids[sequence..];
            mask = mask[sequence..];
            tokens += from.Length;
        }

        return tokens;
    }

    private void Read(ReadOnlySpan<float> output, int dimensions, ArraySegment<TokenisedText> batch)
    {
        if (dimensions != _output.Dimensions)
            throw new InvalidDataException(GraphContract.WrongDimensions(spec, dimensions));
        var perText = output.Length / batch.Count;
        var i = 0;
        foreach (ref readonly var text in batch.AsSpan())
        {
            var vector = _pooler.Pool(output.Slice(i++ * perText, perText), text.Length, out var failure);
            text.Destination[text.Index] = vector is null
                ? EmbeddingOutcome.Failed(failure!, text.Length, text.Truncated)
                : EmbeddingOutcome.Embedded(vector, text.Length, text.Truncated);
        }
    }
}
