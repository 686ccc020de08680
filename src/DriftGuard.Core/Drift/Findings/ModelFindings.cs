using DriftGuard.Core.Drift.Probes;

namespace DriftGuard.Core.Drift.Findings;

/// <summary>A member of the model spec that is not what was fingerprinted.</summary>
/// <param name="Field">Its name in the spec, e.g. <c>pooling</c>.</param>
/// <param name="Enrolled">What it was.</param>
/// <param name="Found">What it is.</param>
public sealed record SpecDifference(string Field, string Enrolled, string Found);

/// <summary>A file of the model that is not what was fingerprinted.</summary>
/// <param name="Role">What it is for, e.g. <c>graph</c>.</param>
/// <param name="Enrolled">The SHA-256 that was fingerprinted.</param>
/// <param name="Found">The SHA-256 of the file that is there; null if there is none.</param>
public sealed record FileDifference(string Role, string Enrolled, string? Found);

/// <summary>Probes of a category.</summary>
/// <param name="Category">Its name in the probe set, e.g. <c>long</c>.</param>
/// <param name="Probes">How many there are.</param>
/// <param name="Beyond">How many of them are beyond their tolerance.</param>
/// <param name="MedianDistance">Median of 1 - cosine to the stored probe.</param>
public sealed record ProbeCategory(string Category, int Probes, int Beyond, double MedianDistance)
{
    /// <summary>Largest 1 - cosine to the stored probe.</summary>
    public double MaxDistance { get; init; }

    /// <summary>Median of their tolerances.</summary>
    public double MedianTolerance { get; init; }
}

/// <summary>How well a variant of the spec, or another model, gives back vectors that are stored.</summary>
/// <param name="Name">The variant, e.g. <c>pooling: cls</c>, or a model's name.</param>
/// <param name="Aspect">What it changes, e.g. <c>pooling</c>; <c>model</c> for another model.</param>
/// <param name="Explanation">What it would mean, for people.</param>
/// <param name="Compared">Vectors that were compared.</param>
/// <param name="Reproduced">Those within their tolerance.</param>
/// <param name="MedianDistance">Median of 1 - cosine over them.</param>
public sealed record VariantFit(string Name, string Aspect, string Explanation, int Compared, int Reproduced, double MedianDistance)
{
    /// <summary>Whether nearly all vectors are given back: nine in ten, since a few may be another story.</summary>
    public bool Explains => Compared > 0 && Reproduced >= .9 * Compared;
}

/// <summary>What the model detector saw.</summary>
public sealed record ModelFindings
{
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Who computes its vectors, e.g. <c>onnx</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The fingerprint that the collection was made with.</summary>
    public required string Enrolled { get; init; }

    /// <summary>The fingerprint of what is found under the model's name; null if it cannot be read.</summary>
    public string? Found { get; init; }

    /// <summary>Members of the spec that differ.</summary>
    public IReadOnlyList<SpecDifference> Spec { get; init; } = [];

    /// <summary>Files that differ.</summary>
    public IReadOnlyList<FileDifference> Files { get; init; } = [];

    /// <summary>Whether the graph that was fingerprinted quantises its activations; null where that is not known.</summary>
    public bool? EnrolledQuantised { get; init; }

    /// <summary>Whether the graph that is found does; null where that is not known.</summary>
    public bool? FoundQuantised { get; init; }

    /// <summary>As which model the provider answered at enrolment; null where it does not say.</summary>
    public string? EnrolledIdentity { get; init; }

    /// <summary>As which model it answers now; null where it does not say.</summary>
    public string? FoundIdentity { get; init; }

    /// <summary>The probes against the stored ones; null where they could not be embedded.</summary>
    public ProbeComparison? Probes { get; init; }

    /// <summary>The same in a fresh run; null where none was needed.</summary>
    public ProbeComparison? FreshProbes { get; init; }

    /// <summary>The probes before and in the first run, for people's eyes; null where they could not be embedded, and in older reports.</summary>
    public ProbeProjection? Projection { get; init; }

    /// <summary>The probes by category.</summary>
    public IReadOnlyList<ProbeCategory> Categories { get; init; } = [];

    /// <summary>Variants of the spec that were tried on the stored probes, the best first; empty where none was.</summary>
    public IReadOnlyList<VariantFit> Variants { get; init; } = [];
}
