using System.Globalization;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Specs;

namespace DriftGuard.Embedding.Variants;

/// <summary>
/// The ways in which vectors of a model are plausibly made otherwise than its spec says, to find the one that reproduces stored vectors.
/// </summary>
/// <remarks>
/// Where stored vectors are compared by cosine, <see cref="SpecAspect.Normalisation"/> is invisible: the variant gives the spec's vectors at
/// another length, and Qdrant scales what goes into a cosine collection to length 1 anyway. Some variants coincide on texts that they do not
/// touch, such as token limits on short ones: judge by texts that tell them apart. A variant may not fit the model's graph, such as
/// a token limit above its positions: opening it then throws <see cref="ModelException"/>, and it is out of the question. So is one under
/// which texts have no vectors.
/// </remarks>
public static class SpecVariants
{
    /// <summary>The prefixes of the common families: e5, nomic, bge.</summary>
    private static readonly string[] FamilyPrefixes =
        ["query: ", "passage: ", "search_document: ", "search_query: ", "Represent this sentence for searching relevant passages: "];

    private static readonly int[] TokenLimits = [64, 128, 256, 384, 512];

    /// <summary>The variants of a spec: those of one aspect by aspect, then pairs that happen together. None is the spec itself, none is there twice.</summary>
    public static IReadOnlyList<SpecVariant> Of(ModelSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var seen = new HashSet<Fingerprint> { Fingerprint.Of(spec) };
        return
        [
            .. Poolings(spec).Concat(Prefixes(spec, InputKind.Document)).Concat(Prefixes(spec, InputKind.Query)).Concat(InputTypes(spec))
                .Concat(Truncation(spec)).Concat(Letters(spec)).Concat(Batchings(spec)).Concat(DimensionsOf(spec)).Concat(Normalisations(spec))
                .Concat(Pairs(spec)).Where(variant => seen.Add(Fingerprint.Of(variant.Spec))),
        ];
    }

    private static bool IsOnnx(ModelSpec spec) => !ProviderRules.IsHttp(spec.Provider);

    private static IEnumerable<SpecVariant> Poolings(ModelSpec spec)
    {
        if (!IsOnnx(spec) || spec.Pooling == Pooling.Output)
            yield break;
        yield return spec.Pooling == Pooling.Mean
            ? new("pooling: cls", "the vector of the first token, in place of the mean over all", spec with { Pooling = Pooling.Cls }, SpecAspect.Pooling)
            : new("pooling: mean", "the mean over all tokens, in place of the first one's vector", spec with { Pooling = Pooling.Mean }, SpecAspect.Pooling);
    }

    private static IEnumerable<SpecVariant> Prefixes(ModelSpec spec, InputKind kind)
    {
        var other = kind == InputKind.Query ? InputKind.Document : InputKind.Query;
        var texts = kind == InputKind.Query ? "queries" : "documents";
        yield return WithPrefix(spec, kind, "", $"{texts} without a prefix");
        yield return WithPrefix(spec, kind, spec.PrefixOf(other), $"{texts} with the prefix of {(other == InputKind.Query ? "queries" : "documents")}");
        foreach (var prefix in FamilyPrefixes)
            yield return WithPrefix(spec, kind, prefix, $"{texts} with the prefix of another family of models");
    }

    private static SpecVariant WithPrefix(ModelSpec spec, InputKind kind, string prefix, string explanation) => new(
        $"prefixes.{SpecWord.Of(kind)}: '{prefix}'", explanation,
        kind == InputKind.Query ? spec with { QueryPrefix = prefix } : spec with { DocumentPrefix = prefix }, SpecAspect.Prefix)
    { OnlyFor = kind };

    private static IEnumerable<SpecVariant> InputTypes(ModelSpec spec)
    {
        yield return new(
            $"input_types.document: {spec.QueryInputType}", "the provider was told that documents are queries",
            spec with { DocumentInputType = spec.QueryInputType }, SpecAspect.Prefix)
        { OnlyFor = InputKind.Document };
        yield return new(
            $"input_types.query: {spec.DocumentInputType}", "the provider was told that queries are documents",
            spec with { QueryInputType = spec.DocumentInputType }, SpecAspect.Prefix)
        { OnlyFor = InputKind.Query };
    }

    private static IEnumerable<SpecVariant> Truncation(ModelSpec spec)
    {
        if (spec.Tokenizer is null)
            yield break;
        foreach (var limit in TokenLimits)
        {
            yield return new(
                string.Create(CultureInfo.InvariantCulture, $"max_tokens: {limit}"), "long texts seen up to another limit",
                spec with { MaxTokens = limit }, SpecAspect.Truncation);
        }

        yield return spec.OverLong == OverLongText.Truncate
            ? new("over_long: chunk-mean", "long texts as the mean of their chunks, in place of their beginning", spec with { OverLong = OverLongText.ChunkMean }, SpecAspect.Truncation)
            : new("over_long: truncate", "the beginning of long texts alone", spec with { OverLong = OverLongText.Truncate }, SpecAspect.Truncation);
    }

    private static IEnumerable<SpecVariant> Letters(ModelSpec spec)
    {
        if (spec.Tokenizer is not { LowerCase: { } lower, StripAccents: { } strip } tokenizer)
            yield break;
        yield return new(
            $"tokenizer.lower_case: {Word(!lower)}", lower ? "capitals kept" : "text lower-cased",
            spec with { Tokenizer = tokenizer with { LowerCase = !lower } }, SpecAspect.LowerCase);
        yield return new(
            $"tokenizer.strip_accents: {Word(!strip)}", strip ? "accents kept" : "accents taken off",
            spec with { Tokenizer = tokenizer with { StripAccents = !strip } }, SpecAspect.Accents);
        yield return new(
            $"tokenizer.lower_case: {Word(!lower)}, strip_accents: {Word(!lower)}",
            lower ? "capitals and accents kept, as cased models have it" : "capitals and accents taken off, as uncased models have it",
            spec with { Tokenizer = tokenizer with { LowerCase = !lower, StripAccents = !lower } }, SpecAspect.LowerCase)
        { AlsoAspect = SpecAspect.Accents };
    }

    private static IEnumerable<SpecVariant> Batchings(ModelSpec spec)
    {
        if (IsOnnx(spec) && spec.Batching == Batching.Single)
            yield return new("batching: batched", "texts computed together, which shows where the graph is quantised dynamically", spec with { Batching = Batching.Batched }, SpecAspect.Batching);
        else if (IsOnnx(spec))
            yield return new("batching: single", "each text computed alone", spec with { Batching = Batching.Single }, SpecAspect.Batching);
    }

    private static IEnumerable<SpecVariant> DimensionsOf(ModelSpec spec)
    {
        if (spec.NativeDimensions is { } native && native > spec.Dimensions)
        {
            yield return new(
                string.Create(CultureInfo.InvariantCulture, $"dimensions: {native}"), "nothing of the vector cut off",
                spec with { Dimensions = native, NativeDimensions = null }, SpecAspect.Dimensions);
        }
    }

    private static IEnumerable<SpecVariant> Normalisations(ModelSpec spec)
    {
        yield return spec.Normalisation == Normalisation.L2
            ? new("normalisation: none", "vectors as long as the model gives them", spec with { Normalisation = Normalisation.None }, SpecAspect.Normalisation)
            : new("normalisation: l2", "vectors scaled to length 1", spec with { Normalisation = Normalisation.L2 }, SpecAspect.Normalisation);
    }

    /// <summary>What a script of a few lines does: a library's defaults for pooling and limit, and no prefix.</summary>
    private static IEnumerable<SpecVariant> Pairs(ModelSpec spec)
    {
        SpecVariant[] firsts =
        [
            WithPrefix(spec, InputKind.Document, "", "documents without a prefix"),
            .. Poolings(spec),
        ];
        foreach (var first in firsts)
        {
            foreach (var second in Truncation(first.Spec).Where(t => t.Spec.MaxTokens is 128 or 512 && t.Spec.OverLong == spec.OverLong))
                yield return Both(first, second);
        }

        foreach (var pooling in Poolings(spec))
            yield return Both(pooling, WithPrefix(pooling.Spec, InputKind.Document, "", "documents without a prefix"));
        yield return new(
            $"prefixes.query: '{spec.DocumentPrefix}', prefixes.document: '{spec.QueryPrefix}'", "the prefixes exchanged",
            spec with { QueryPrefix = spec.DocumentPrefix, DocumentPrefix = spec.QueryPrefix }, SpecAspect.Prefix);
    }

    private static SpecVariant Both(SpecVariant first, SpecVariant second) => new(
        $"{first.Name}, {second.Name}", $"{first.Explanation}; {second.Explanation}", second.Spec, first.Aspect)
    {
        AlsoAspect = second.Aspect,
        OnlyFor = first.OnlyFor is { } kind && second.OnlyFor == kind ? kind : null,
    };

    private static string Word(bool value) => value ? "true" : "false";
}
