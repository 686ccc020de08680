using DriftGuard.Core.Statistics;
using DriftGuard.Core.Statistics.TwoSample;

namespace DriftGuard.Core.Drift.Documents;

/// <summary>
/// Does the corpus still look like the one the index was calibrated on? MMD^2 of a random sample of its vectors then and one of now, which are
/// independent draws, so that single vectors are permuted.
/// </summary>
/// <remarks>
/// Measured on requests of clinc150 by MiniLM, 2,000 of each side, 8 trials, the effect's least, median and largest: -.0001, .0002, .0005 where
/// each intent grows by its own 0 to 100 %; .0000, .0003, .0006 where 5 % are of a domain that was not there; .0005, .0011, .0024 with 10 % of one;
/// .0026, .0046, .0099 with 20 %. With 500 of each side, 20 trials, 10 % have p below .01 in .3 of cases and 20 % always.
/// </remarks>
public sealed record DocumentDrift
{
    /// <summary>Vectors that are drawn from each side at most; as many as there are should be given, up to this.</summary>
    public const int MostVectors = 2_000;

    /// <summary>With fewer vectors on a side nothing is said.</summary>
    public const int FewestVectors = 200;

    /// <summary>Random splits.</summary>
    public const int Permutations = 999;

    /// <summary>The chance that a sample without any change is suspected.</summary>
    public const double Alpha = .01;

    /// <summary>
    /// An <see cref="Effect"/> below this is not reported, however small its p: it lies between ordinary growth by the same topics and a tenth
    /// of the corpus replaced by another domain.
    /// </summary>
    public const double Material = .0006;

    /// <summary>What follows.</summary>
    public required DriftVerdict Verdict { get; init; }

    /// <summary>Why nothing can be said; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>Unbiased MMD^2; 0 where nothing can be said.</summary>
    public double Squared { get; init; }

    /// <summary>Lower end of its 95 % interval.</summary>
    public double Lower { get; init; }

    /// <summary>Upper end of its 95 % interval.</summary>
    public double Upper { get; init; }

    /// <summary>MMD^2 / (1 - mean kernel of two documents of the baseline): comparable between models and bandwidths.</summary>
    public double Effect { get; init; }

    /// <summary>Permutation p; 1 where nothing can be said.</summary>
    public double P { get; init; } = 1;

    /// <summary>Vectors of the baseline that were compared.</summary>
    public required int Baseline { get; init; }

    /// <summary>Vectors of now that were compared.</summary>
    public required int Now { get; init; }

    /// <summary>Standard deviation of the Gaussian kernel, from the baseline.</summary>
    public required double Bandwidth { get; init; }

    /// <summary>Seed of draws and splits.</summary>
    public required int Seed { get; init; }

    /// <summary>What the fresh sample shows; null unless the first is suspicious and there is one.</summary>
    public DocumentDrift? Fresh { get; init; }

    /// <summary>Judges a sample of the corpus.</summary>
    /// <param name="baseline">Document vectors of the baseline, drawn at random.</param>
    /// <param name="now">Document vectors of now, drawn at random and independently.</param>
    /// <param name="bandwidth">Fixed by the baseline: the median distance of its documents.</param>
    /// <param name="seed">Seed of draws and splits.</param>
    /// <param name="fresh">Another sample of now, which confirms; null where there is none yet.</param>
    public static DocumentDrift Judge(
        IReadOnlyList<float[]> baseline, IReadOnlyList<float[]> now, double bandwidth, int seed, IReadOnlyList<float[]>? fresh = null)
    {
        var first = Measure(baseline, now, bandwidth, seed);
        if (first.Verdict != DriftVerdict.Suspected || fresh is null)
            return first;
        var second = Measure(baseline, fresh, bandwidth, unchecked(seed + 1));
        return first with
        {
            Verdict = second.Verdict == DriftVerdict.Suspected ? DriftVerdict.Confirmed : DriftVerdict.Suspected,
            Fresh = second,
        };
    }

    private static DocumentDrift Measure(IReadOnlyList<float[]> baseline, IReadOnlyList<float[]> now, double bandwidth, int seed)
    {
        var random = new Random(seed);
        var (then, current) = (RandomDraw.Of(baseline, MostVectors, random), RandomDraw.Of(now, MostVectors, random));
        if (Problem(then, current, bandwidth) is { } problem)
        {
            return new()
            {
                Verdict = DriftVerdict.InsufficientData,
                Reason = problem,
                Baseline = then.Count,
                Now = current.Count,
                Bandwidth = bandwidth,
                Seed = seed,
            };
        }

        var parts = DocumentParts.Of(then, current);
        var found = parts is null
            ? new DocumentDrift { Verdict = DriftVerdict.None, Baseline = then.Count, Now = current.Count, Bandwidth = bandwidth, Seed = seed }
            : Of(PairwiseDistances.Of(Samples.Of(parts.First, parts.Second)), bandwidth, seed, parts.Changed);
        return found with { Baseline = then.Count, Now = current.Count };
    }

    /// <summary>The same from distances that were measured before, for many samples of one corpus.</summary>
    /// <param name="distances">Of two samples without a common document.</param>
    /// <param name="bandwidth">Fixed by the baseline.</param>
    /// <param name="seed">Seed of the splits.</param>
    /// <param name="changed">The part of the corpus that the second sample stands for, see <see cref="DocumentParts.Changed"/>.</param>
    internal static DocumentDrift Of(PairwiseDistances distances, double bandwidth, int seed, double changed = 1)
    {
        var discrepancy = MaximumMeanDiscrepancy.Of(distances, bandwidth);
        var measured = discrepancy.Measure();
        var p = discrepancy.Permute([.. Enumerable.Range(0, distances.Samples.Rows.Count)], Permutations, seed).P;
        var range = 1 - measured.MeanFirst;
        var scale = changed * changed;
        var effect = range > 0 ? scale * measured.Squared / range : 0;
        return new()
        {
            Verdict = MultipleTesting.Rejects(p, Alpha) && effect >= Material ? DriftVerdict.Suspected : DriftVerdict.None,
            Squared = scale * measured.Squared,
            Lower = scale * (measured.Squared - (1.96 * measured.StandardError)),
            Upper = scale * (measured.Squared + (1.96 * measured.StandardError)),
            Effect = effect,
            P = p,
            Baseline = distances.Samples.First,
            Now = distances.Samples.Second,
            Bandwidth = bandwidth,
            Seed = seed,
        };
    }

    private static string? Problem(IReadOnlyList<float[]> then, IReadOnlyList<float[]> now, double bandwidth)
    {
        if (then.Count < FewestVectors || now.Count < FewestVectors)
            return $"the samples have {then.Count} and {now.Count} documents; {FewestVectors} of each are needed";
        if (!(bandwidth > 0 && double.IsFinite(bandwidth)))
            return FormattableString.Invariant($"the bandwidth is {bandwidth}: half of the baseline's documents or more are equal");
        if (then.Concat(now).FirstOrDefault(vector => vector.Length != then[0].Length) is { } other)
            return $"a vector has {other.Length} dimensions, the baseline's first has {then[0].Length}";
        return then.Concat(now).Any(vector => !vector.All(float.IsFinite)) ? "a vector has a component that is not finite" : null;
    }
}
