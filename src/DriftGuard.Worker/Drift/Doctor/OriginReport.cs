using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Drift.Sampling;

namespace DriftGuard.Worker.Drift.Doctor;

/// <summary>What can be said of who made a collection.</summary>
public enum OriginVerdict
{
    /// <summary>One model made it, in one way.</summary>
    One,

    /// <summary>One model made it, and the collection says that another did.</summary>
    Misdeclared,

    /// <summary>Several models made it, or one and something that is not here.</summary>
    Mixed,

    /// <summary>No model here made it.</summary>
    Unknown,

    /// <summary>Too little can be looked at: few points, no text, no model of its dimension.</summary>
    InsufficientData,
}

/// <summary>A payload field that holds a text.</summary>
/// <param name="Field">Its key, or path by dots.</param>
/// <param name="Points">Sampled points that have a text there.</param>
/// <param name="MeanLength">Mean length of the texts, in characters.</param>
public sealed record TextFieldUse(string Field, int Points, double MeanLength);

/// <summary>A way in which a part of the collection was made.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Fingerprint">Its fingerprint, 64 hex digits.</param>
/// <param name="Variant">How its spec differs, e.g. <c>pooling: cls</c>; null for the model as it is.</param>
/// <param name="Share">The sampled points that it gives back, as a share of the collection with bounds: what is called mismatches is what it made.</param>
/// <param name="MedianDistance">Median of 1 - cosine over them.</param>
public sealed record OriginShare(string Model, string Fingerprint, string? Variant, MismatchShare Share, double MedianDistance)
{
    /// <summary>A contiguous block of ids that holds most of them; null where there is none, and for the largest share.</summary>
    public MismatchBlock? Block { get; init; }

    /// <summary>Stamps and times that they lie in, those that stand out; empty for the largest share.</summary>
    public IReadOnlyList<GroupShare> Groups { get; init; } = [];

    /// <summary>The model and how its spec differs.</summary>
    public string Name => Variant is null ? Model : $"{Model} with {Variant}";
}

/// <summary>A model that was tried, or why it was not.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Problem">Why it could not be tried; null if it was.</param>
public sealed record TriedModel(string Model, string? Problem);

/// <summary>Which models made a collection, by a sample of its points that was embedded again.</summary>
public sealed record OriginReport
{
    /// <summary>What can be said.</summary>
    public required OriginVerdict Verdict { get; init; }

    /// <summary>The answer, for people.</summary>
    public required string Sentence { get; init; }

    /// <summary>What to do; null for nothing.</summary>
    public string? WhatToDo { get; init; }

    /// <summary>The collection.</summary>
    public required string Collection { get; init; }

    /// <summary>The index that was named; null where the collection was.</summary>
    public string? Index { get; init; }

    /// <summary>Points of the collection.</summary>
    public long Points { get; init; }

    /// <summary>Points that were drawn.</summary>
    public int Sampled { get; init; }

    /// <summary>Points that were compared: they have a text, and a vector that a model can give.</summary>
    public int Compared { get; init; }

    /// <summary>Seed of the sample.</summary>
    public required int Seed { get; init; }

    /// <summary>Length of the vectors; null where the collection does not hold one unnamed vector a point.</summary>
    public int? Dimensions { get; init; }

    /// <summary>How vectors are compared, as Qdrant names it.</summary>
    public string? Distance { get; init; }

    /// <summary>The text that was embedded again; null where no field has one.</summary>
    public TextFieldUse? TextField { get; init; }

    /// <summary>Other fields that hold a text in most points.</summary>
    public IReadOnlyList<TextFieldUse> OtherTextFields { get; init; } = [];

    /// <summary>What made it, the largest share first.</summary>
    public IReadOnlyList<OriginShare> Makers { get; init; } = [];

    /// <summary>Compared points that no model here gives back; not those whose text was edited, by their stamp.</summary>
    public PointCount Unexplained { get; init; } = PointCount.Nothing;

    /// <summary>What comes closest to what is not explained, the best first.</summary>
    public IReadOnlyList<VariantFit> Closest { get; init; } = [];

    /// <summary>Models that were tried, and those that could not be.</summary>
    public IReadOnlyList<TriedModel> Tried { get; init; } = [];

    /// <summary>The model that the collection's metadata names; null if it names none.</summary>
    public string? DeclaredModel { get; init; }

    /// <summary>The fingerprint that the collection's metadata names; null if it names none.</summary>
    public string? DeclaredFingerprint { get; init; }

    /// <summary>Fingerprints in the sampled points' stamps, with their points.</summary>
    public IReadOnlyDictionary<string, long> Stamps { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Sampled points without a stamp.</summary>
    public long Unstamped { get; init; }

    /// <summary>Sampled points whose text was edited without their vector, by their stamp; they are not compared.</summary>
    public PointCount TextEdited { get; init; } = PointCount.Nothing;

    /// <summary>Sampled points without a text.</summary>
    public PointCount WithoutText { get; init; } = PointCount.Nothing;

    /// <summary>Sampled points whose vector no model gives: missing, zero, or not finite.</summary>
    public PointCount BadVectors { get; init; } = PointCount.Nothing;

    /// <summary>Sampled points whose vector another one has as well, though its text is another.</summary>
    public PointCount SharedVectors { get; init; } = PointCount.Nothing;

    /// <summary>Sampled points whose text another one has as well.</summary>
    public PointCount RepeatedTexts { get; init; } = PointCount.Nothing;
}
