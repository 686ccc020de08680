using DriftGuard.Core.Drift.Sampling;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Drift.Points;

/// <summary>Points that were drawn and embedded again, over all runs of one check.</summary>
/// <param name="population">Points of the collection.</param>
/// <param name="noise">How far the same text's vectors may lie apart.</param>
internal sealed class IndexSample(long population, SelfNoise noise)
{
    private readonly SortedDictionary<PointId, ReembeddedPoint> points = [];

    /// <summary>Points of the collection.</summary>
    public long Population => Math.Max(population, points.Count);

    /// <summary>Points that were drawn.</summary>
    public int Drawn => points.Count;

    /// <summary>Their ids.</summary>
    public IReadOnlySet<PointId> Ids => points.Keys.ToHashSet();

    /// <summary>All of them in id order.</summary>
    public IReadOnlyCollection<ReembeddedPoint> All => points.Values;

    /// <summary>Those that could be compared, in id order.</summary>
    public IReadOnlyList<ReembeddedPoint> ComparedPoints => [.. points.Values.Where(point => point.IsCompared)];

    /// <summary>How many could be compared.</summary>
    public int Compared => points.Values.Count(point => point.IsCompared);

    /// <summary>Those whose stored vector is not that of their text; not those whose text was edited, which is known by the stamp.</summary>
    public IReadOnlyList<ReembeddedPoint> Mismatches => [.. points.Values.Where(IsMismatch)];

    /// <summary>Their ids.</summary>
    public IReadOnlyList<PointId> MismatchIds => [.. Mismatches.Select(point => point.Document.Id)];

    /// <summary>The share of mismatches.</summary>
    public MismatchShare Share => MismatchShare.Of(Mismatches.Count, Math.Max(1, Compared), Math.Max(1, Population));

    /// <summary>How far a text's vector may lie off.</summary>
    public double ThresholdOf(ReembeddedPoint point) => noise.ThresholdOf(point.Document.Text?.Length ?? 0);

    /// <summary>Adds points of a run.</summary>
    public void Add(IEnumerable<ReembeddedPoint> run)
    {
        foreach (var point in run)
        {
            points[point.Document.Id] = point;
        }
    }

    /// <summary>Takes a second look at mismatches: a point that was written to between its text and its vector was no mismatch; one that is gone is no point.</summary>
    public async Task AgainAsync(ITextEmbedder model, IReadOnlyList<SampledDocument> again, CancellationToken cancellation)
    {
        foreach (var id in MismatchIds)
        {
            points.Remove(id);
        }

        Add(await Reembedding.RunAsync(model, again, cancellation));
    }

    private bool IsMismatch(ReembeddedPoint point) =>
        point.IsCompared && !(point.Distance <= ThresholdOf(point)) && !(point.Document.IsTextEdited && !point.Document.IsVectorReplaced);
}
