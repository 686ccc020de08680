namespace DriftGuard.Core.Drift.Probes;

/// <summary>
/// What a model answered to the probes when it was enrolled, several times over: the vectors, and how far repeats of the same probe lie apart.
/// The same texts asked later are compared with it by <see cref="ProbeComparison"/>.
/// </summary>
public sealed class ProbeBaseline
{
    /// <summary>The least tolerance of 1 - cosine: what rounding and half-precision weights leave is a hundredth of it.</summary>
    public const double Floor = 1e-4;

    /// <summary>The least tolerance for dynamically quantised graphs: processors differ by up to 6e-4, optimisation levels of the runtime by 3.2e-3.</summary>
    public const double QuantisedFloor = 4e-3;

    /// <summary>The least tolerance of a norm, relative to what is expected.</summary>
    public const double NormFloor = 1e-3;

    /// <summary>The least tolerance of the root mean square change of the probes' cosines with each other.</summary>
    public const double MatrixFloor = 1e-3;

    /// <summary>The stored vectors, one a probe: those of the first repeat, as the model gave them.</summary>
    public required float[][] Vectors { get; init; }

    /// <summary>For each probe the largest 1 - cosine between a repeat and the first.</summary>
    public required double[] Noise { get; init; }

    /// <summary>The largest deviation of a norm in any repeat: from 1 where <see cref="IsNormalised"/>, else from the probe's own first norm, relative to it.</summary>
    public required double NormNoise { get; init; }

    /// <summary>The largest root mean square change of the probe-by-probe cosine matrix between two repeats.</summary>
    public required double MatrixNoise { get; init; }

    /// <summary>Whether the graph quantises activations as it runs, which makes vectors depend on the processor.</summary>
    public required bool DynamicallyQuantised { get; init; }

    /// <summary>Whether all stored vectors have norm 1 to within <see cref="NormFloor"/>. If not, each norm is compared with its probe's own.</summary>
    public bool IsNormalised => Vectors.All(vector => Math.Abs(ProbeVectors.Norm(vector) - 1) <= NormFloor);

    /// <summary>A norm may be off by this much, relative to the expected one.</summary>
    public double NormTolerance => Math.Max(NormFloor, 2 * NormNoise);

    /// <summary>The cosine matrix of a space that was only turned may change by this much, root mean square.</summary>
    public double MatrixTolerance => Math.Max(MatrixFloor, 3 * MatrixNoise);

    /// <summary>tau of a probe: 1 - cosine to the stored vector beyond which it counts.</summary>
    /// <param name="probe">Position of the probe, from 0.</param>
    public double Tolerance(int probe) => Math.Max(DynamicallyQuantised ? QuantisedFloor : Floor, 2 * Noise[probe]);

    /// <summary>Learns from repeated runs.</summary>
    /// <param name="repeats">Two runs at least, each with one vector a probe in probe order; the first is what is stored.</param>
    /// <param name="dynamicallyQuantised">Whether the graph quantises activations as it runs.</param>
    /// <exception cref="ArgumentException">There are fewer than two runs or probes, lengths differ, or a vector is zero or not finite.</exception>
    public static ProbeBaseline Learn(IReadOnlyList<IReadOnlyList<float[]>> repeats, bool dynamicallyQuantised)
    {
        if (repeats.Count < 2)
            throw new ArgumentException($"There are {repeats.Count} runs of the probes; noise is learnt from two at least.", nameof(repeats));
        float[][] stored = [.. repeats[0]];
        if (stored.Length < 2)
            throw new ArgumentException($"There are {stored.Length} probes; two at least are needed, since one alone is never believed.", nameof(repeats));
        ProbeVectors.Refuse(stored, stored.Length, stored[0].Length, nameof(repeats));
        for (var run = 1; run < repeats.Count; run++)
            ProbeVectors.Refuse(repeats[run], stored.Length, stored[0].Length, nameof(repeats));

        var matrices = repeats.Select(ProbeVectors.Cosines).ToList();
        var learnt = new ProbeBaseline
        {
            Vectors = [.. stored.Select(vector => (float[])vector.Clone())],
            Noise = [.. stored.Select((vector, probe) => repeats.Skip(1).Max(run => ProbeVectors.Distance(vector, run[probe])))],
            NormNoise = 0,
            MatrixNoise = matrices.SelectMany((_, i) => matrices.Take(i), (matrix, other) => (matrix, other))
                .Max(pair => ProbeVectors.Change(pair.matrix, pair.other).Rms),
            DynamicallyQuantised = dynamicallyQuantised,
        };
        return learnt.WithNormNoise(repeats.Max(run => learnt.NormDeviations(run).Max()));
    }

    /// <summary>How far the norm of each vector is off the expected one, relative to it.</summary>
    internal IEnumerable<double> NormDeviations(IReadOnlyList<float[]> run)
    {
        var normalised = IsNormalised;
        return run.Select((vector, probe) => Math.Abs((ProbeVectors.Norm(vector) / (normalised ? 1 : ProbeVectors.Norm(Vectors[probe]))) - 1));
    }

    private ProbeBaseline WithNormNoise(double noise) => new()
    {
        Vectors = Vectors,
        Noise = Noise,
        NormNoise = noise,
        MatrixNoise = MatrixNoise,
        DynamicallyQuantised = DynamicallyQuantised,
    };
}
