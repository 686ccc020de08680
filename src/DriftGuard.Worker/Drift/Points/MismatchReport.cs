using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Drift.Probes;
using DriftGuard.Core.Drift.Sampling;
using DriftGuard.Core.Points;
using DriftGuard.State;
using DriftGuard.Worker.Drift.Checks;
using DriftGuard.Worker.Drift.Origins;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Drift.Points;

/// <summary>Sizes the mismatches of a sample, says where they lie, and finds out what made them.</summary>
internal sealed class MismatchReport(OriginFinder origins, StampReader stamps, StateStore state)
{
    private const int IdsShown = 10;
    private const int PermutationsOfScan = 999;
    private const int MostForBlock = 2_000;
    private const int MostSlices = 60;

    /// <summary>Mismatches without which the geometry of their vectors says nothing, and those that are looked at.</summary>
    private const int FewestForSpace = 16, MostForSpace = 64;

    public async Task<IndexFindings> OfAsync(DriftSubject subject, IndexSample sample, StampCensus census, ITextEmbedder model, CancellationToken cancellation)
    {
        var mismatches = sample.Mismatches;
        var compared = sample.ComparedPoints;
        var bad = sample.All.Where(point => point.Document.HasBadVector(model.Spec.Dimensions)).ToList();
        var findings = new IndexFindings
        {
            Collection = subject.CollectionName!,
            Fingerprint = subject.Model!.Expected,
            Mismatches = sample.Share,
            NotCompared = Count(sample.All.Where(point => !point.IsCompared && !point.Document.HasBadVector(model.Spec.Dimensions))),
            BadVectors = Count(bad),
            Examples = [.. mismatches.Take(IdsShown).Select(point => point.Document.Id.ToString())],
            MedianDistance = Median(compared),
            MedianMismatch = mismatches.Count == 0 ? null : Median(mismatches),
            Stamps = census,
        };
        if (mismatches.Count == 0)
        {
            return findings;
        }

        var oldest = mismatches.Select(point => point.Document.Stamp?.Revision).Where(revision => revision is not null).Min();
        var space = Space(mismatches);
        var stored = Stored(mismatches, sample);
        var variants = await origins.ExplainAsync(model, stored, subject.Meter, cancellation);
        return findings with
        {
            Space = space?.Space,
            Axes = space?.AxisChange ?? AxisChange.None,
            Block = Block(compared, sample, subject.Seed),
            Slices = Slices(compared, sample),
            Groups = [.. GroupShares.Compare(await GroupedAsync(compared, sample, cancellation)).Where(group => group.AdjustedP <= .05)],
            FirstBadWriter = await stamps.WriterOfAsync(oldest, cancellation),
            Variants = variants,
            Whole = await WholeAsync(subject, sample, model, variants, cancellation),
        };
    }

    /// <summary>A variant that moves vectors by little leaves many of them within the tolerance: it gives those back better than the model does.</summary>
    private static async Task<VariantFit?> WholeAsync(
        DriftSubject subject, IndexSample sample, ITextEmbedder model, IReadOnlyList<VariantFit> variants, CancellationToken cancellation)
    {
        var mismatching = sample.MismatchIds.ToHashSet();
        var rest = sample.ComparedPoints.Where(point => !mismatching.Contains(point.Document.Id)).ToList();
        if (rest.Count == 0 || variants.FirstOrDefault(fit => fit.Explains) is not { } best || best.Aspect == OriginFinder.AnotherModel)
        {
            return null;
        }

        var fit = await OriginFinder.FitAsync(model, best.Name, Stored(rest, sample), subject.Meter, cancellation);
        return fit is { Explains: true } && fit.MedianDistance < .5 * Median(rest) ? fit : null;
    }

    private static IReadOnlyList<StoredText> Stored(IReadOnlyList<ReembeddedPoint> points, IndexSample sample) =>
        [.. points.Select(point => new StoredText(point.Document.Id.ToString(), point.Document.Text!, point.Document.Vector!, sample.ThresholdOf(point)))];

    private static PointCount Count(IEnumerable<ReembeddedPoint> points)
    {
        var ids = points.Select(point => point.Document.Id.ToString()).ToList();
        return new(ids.Count, [.. ids.Take(IdsShown)]);
    }

    private static double Median(IReadOnlyList<ReembeddedPoint> points)
    {
        var sorted = points.Select(point => point.Distance).Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[sorted.Count / 2];
    }

    /// <summary>Whether the stored vectors keep among each other the similarities that their texts' vectors have now.</summary>
    private static ProbeComparison? Space(IReadOnlyList<ReembeddedPoint> mismatches)
    {
        var looked = mismatches.Where(point => point.Made is not null).Take(MostForSpace).ToList();
        if (looked.Count < FewestForSpace)
        {
            return null;
        }

        var stored = new ProbeBaseline
        {
            Vectors = [.. looked.Select(point => point.Document.Vector!)],
            Noise = new double[looked.Count],
            NormNoise = 0,
            MatrixNoise = 0,
            DynamicallyQuantised = false,
        };
        return ProbeComparison.Of(stored, [.. looked.Select(point => point.Made!)]);
    }

    private static MismatchBlock? Block(IReadOnlyList<ReembeddedPoint> compared, IndexSample sample, int seed)
    {
        var mismatching = sample.Mismatches.Select(point => point.Document.Id).ToHashSet();
        if (mismatching.Count > MostForBlock)
        {
            return null; // So many lie everywhere, and every two of them are an end of a window.
        }

        var scan = BinomialScan.Find([.. compared.Select(point => mismatching.Contains(point.Document.Id))], PermutationsOfScan, seed);
        return scan is { P: <= .05 } ? new(compared[scan.First].Document.Id.ToString(), compared[scan.Last].Document.Id.ToString(), scan) : null;
    }

    private static IReadOnlyList<SampleSlice> Slices(IReadOnlyList<ReembeddedPoint> compared, IndexSample sample)
    {
        var mismatching = sample.MismatchIds.ToHashSet();
        var slices = Math.Min(MostSlices, compared.Count);
        return
        [
            .. compared.Index().GroupBy(point => (long)point.Index * slices / compared.Count).Select(slice => new SampleSlice(
                slice.First().Item.Document.Id.ToString(), slice.Count(), slice.Count(point => mismatching.Contains(point.Item.Document.Id)))),
        ];
    }

    private async Task<IReadOnlyList<SampledPoint>> GroupedAsync(IReadOnlyList<ReembeddedPoint> compared, IndexSample sample, CancellationToken cancellation)
    {
        var epochs = compared.Select(point => point.Document.Stamp).OfType<Stamp>().Select(stamp => (long)stamp.Revision.Epoch).Distinct().ToList();
        var started = await state.LeaseEpochTimesAsync(epochs, cancellation);
        var time = TimeField.Find([.. compared.Select(point => point.Document)]);
        var mismatching = sample.MismatchIds.ToHashSet();
        return [.. compared.Select((point, i) => new SampledPoint(
            point.Document.Id.ToString(), point.Document.Text?.Length ?? 0, mismatching.Contains(point.Document.Id) ? point.Distance : 0, sample.ThresholdOf(point), GroupsOf(point.Document.Stamp, started, time, i)))];
    }

    private static Dictionary<string, string> GroupsOf(
        Stamp? stamp, IReadOnlyDictionary<long, DateTimeOffset> started, (string Field, IReadOnlyList<string?> Buckets)? time, int position)
    {
        var groups = new Dictionary<string, string>(StringComparer.Ordinal) { ["stamp"] = stamp is null ? "none" : stamp.Fingerprint[..Math.Min(8, stamp.Fingerprint.Length)] };
        if (stamp is not null)
        {
            groups["writer started"] = started.TryGetValue(stamp.Revision.Epoch, out var at)
                ? FormattableString.Invariant($"{at:u}")
                : FormattableString.Invariant($"lease epoch {stamp.Revision.Epoch}");
        }

        if (time is { } field && field.Buckets[position] is { } bucket)
        {
            groups[field.Field] = bucket;
        }

        return groups;
    }
}
