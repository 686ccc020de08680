using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Variants;

/// <summary>What a variant says otherwise.</summary>
public enum SpecAspect
{
    /// <summary>How token vectors become the text's.</summary>
    Pooling,

    /// <summary>What is put before a text, or what a provider is told that it is.</summary>
    Prefix,

    /// <summary>The length of the vector.</summary>
    Normalisation,

    /// <summary>How much of a long text is seen, and what becomes of the rest.</summary>
    Truncation,

    /// <summary>Whether text is lower-cased.</summary>
    LowerCase,

    /// <summary>Whether accents are taken off.</summary>
    Accents,

    /// <summary>Whether texts are computed together.</summary>
    Batching,

    /// <summary>How much of the vector is kept.</summary>
    Dimensions,
}

/// <summary>A way in which vectors of a model may have been made, other than its spec says.</summary>
/// <param name="Name">What differs, in the words of <c>model.yaml</c>, e.g. <c>pooling: cls</c>; unique among a spec's variants.</param>
/// <param name="Explanation">What that means, as a clause for people.</param>
/// <param name="Spec">The spec that says so; everything else is as it was, the name included.</param>
/// <param name="Aspect">What differs; the foremost where two aspects do.</param>
public sealed record SpecVariant(string Name, string Explanation, ModelSpec Spec, SpecAspect Aspect)
{
    /// <summary>The second aspect, of variants that differ in two.</summary>
    public SpecAspect? AlsoAspect { get; init; }

    /// <summary>
    /// The kind of texts whose vectors differ; <see langword="null"/> for both. A variant for queries gives stored documents the vectors of
    /// the spec itself, so only stored queries can tell it.
    /// </summary>
    public InputKind? OnlyFor { get; init; }
}
