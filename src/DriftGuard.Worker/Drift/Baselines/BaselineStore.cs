using System.Text.Json;
using DriftGuard.State;

namespace DriftGuard.Worker.Drift.Baselines;

/// <summary>Baselines in the state: figures as JSON, vectors beside them.</summary>
internal sealed class BaselineStore(StateStore state)
{
    /// <summary>The newest baseline of an index under a model; null if there is none.</summary>
    public async Task<DriftBaseline?> LatestAsync(string index, string fingerprint, CancellationToken cancellation) =>
        await state.LatestDriftBaselineAsync(index, fingerprint, cancellation) is { } stored ? Read(stored) : null;

    /// <summary>Points that a collection had when its baseline was taken.</summary>
    public static long PointsOf(BaselineEntry entry) =>
        (JsonSerializer.Deserialize<Stored>(entry.Json, DriftJson.Options) ?? throw new StateException($"stored baseline {entry.Id} is empty")).Baseline.Points;

    /// <summary>Stores a baseline.</summary>
    public Task AddAsync(DriftBaseline baseline, CancellationToken cancellation)
    {
        var (queries, documents) = (baseline.Queries?.Baseline.Vectors ?? [], baseline.Documents?.Vectors ?? []);
        var figures = baseline with
        {
            Queries = baseline.Queries is { } q ? q with { Baseline = q.Baseline with { Vectors = [] } } : null,
            Documents = baseline.Documents is { } d ? d with { Vectors = [] } : null,
        };
        return state.AddDriftBaselineAsync(
            new(baseline.Id, baseline.Index, baseline.Fingerprint, baseline.Collection, baseline.Kind, baseline.At,
                JsonSerializer.Serialize(new Stored(figures, queries.Count), DriftJson.Options), VectorBlob.Write([.. queries, .. documents])),
            cancellation);
    }

    private static DriftBaseline Read(StoredBaseline stored)
    {
        var (baseline, queries) = JsonSerializer.Deserialize<Stored>(stored.Json, DriftJson.Options) ?? throw new StateException($"stored baseline {stored.Id} is empty");
        var vectors = VectorBlob.Read(stored.Blob, baseline.Schema.Dimensions);
        return baseline with
        {
            Queries = baseline.Queries is { } q ? q with { Baseline = q.Baseline with { Vectors = [.. vectors.Take(queries)] } } : null,
            Documents = baseline.Documents is { } d ? d with { Vectors = [.. vectors.Skip(queries)] } : null,
        };
    }

    private sealed record Stored(DriftBaseline Baseline, int QueryVectors);
}
