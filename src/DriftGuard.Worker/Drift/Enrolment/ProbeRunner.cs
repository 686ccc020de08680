using DriftGuard.Core.Drift.Probes;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Points;

namespace DriftGuard.Worker.Drift.Enrolment;

/// <summary>Embeds the probes, one text a run: in a batch, a quantised graph makes noise as large as what is looked for.</summary>
internal static class ProbeRunner
{
    /// <returns>A vector for each probe, in their order.</returns>
    /// <exception cref="OperatorException">A probe has no vector.</exception>
    public static async Task<IReadOnlyList<float[]>> RunAsync(ITextEmbedder model, ProbeSet probes, CancellationToken cancellation)
    {
        var vectors = new List<float[]>(probes.Probes.Count);
        await foreach (var (probe, outcome) in OrderedWork.RunAsync(probes.Probes.ToAsyncEnumerable(), EmbedAsync, model.CallsAtOnce, cancellation))
        {
            vectors.Add(outcome.Vector ?? throw new OperatorException(OperatorError.Conflict,
                $"model '{model.Spec.Name}' has no vector for probe '{probe.Id}', a plain text that every model embeds: {outcome.Failure}"));
        }

        return vectors;

        async Task<DriftGuard.Embedding.EmbeddingOutcome> EmbedAsync(Probe probe, CancellationToken stop) =>
            (await model.EmbedAsync([probe.Text], probe.Kind, stop))[0];
    }
}
