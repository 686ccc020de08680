using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Specs;

namespace DriftGuard.Embedding.Variants;

/// <summary>
/// What a spec may say otherwise than its folder and still be about the folder's model. The rules that <c>model.yaml</c> is read by hold
/// for it too.
/// </summary>
internal static class VariantRules
{
    /// <summary>The variant, with the folder's files.</summary>
    /// <exception cref="ModelException">It is none of the folder's model; names everything that is wrong.</exception>
    public static ModelSpec Admit(ModelSpec variant, ModelSpec folder, string directory)
    {
        var file = Path.Combine(directory, ModelSpecFile.Name);
        var problems = Identity(variant, folder).Concat(Numbers(variant)).Concat(Tokens(variant, folder)).Concat(Provider(variant, folder))
            .Select(message => new ModelProblem(file, null, $"as variant: {message}")).ToList();
        return problems.Count == 0 ? variant with { Files = folder.Files } : throw new ModelException(directory, problems);
    }

    private static IEnumerable<string> Identity(ModelSpec variant, ModelSpec folder)
    {
        if (variant.Provider != folder.Provider)
            yield return $"provider is '{variant.Provider}', the folder's is '{folder.Provider}'.";
        if (variant.Model != folder.Model || variant.Revision != folder.Revision)
            yield return $"model and revision are '{variant.Model}' '{variant.Revision}', the folder's are '{folder.Model}' '{folder.Revision}': that is another model.";
        if (!Pinned(variant).SetEquals(Pinned(folder)))
            yield return "files are others than the folder's: that is another model.";
    }

    private static HashSet<(string Role, string Sha256)> Pinned(ModelSpec spec) => [.. spec.Files.Select(f => (f.Role, f.Sha256.ToLowerInvariant()))];

    private static IEnumerable<string> Numbers(ModelSpec variant)
    {
        if (variant.Dimensions < 1)
            yield return $"dimensions is {variant.Dimensions}: expected 1 or more.";
        if (variant.NativeDimensions < variant.Dimensions)
            yield return $"native_dimensions is {variant.NativeDimensions}, less than dimensions ({variant.Dimensions}): truncation can only shorten a vector.";
        if (variant.MaxTokens < 1)
            yield return $"max_tokens is {variant.MaxTokens}: expected 1 or more.";
    }

    private static IEnumerable<string> Tokens(ModelSpec variant, ModelSpec folder)
    {
        if (variant.Tokenizer?.Kind != folder.Tokenizer?.Kind || variant.Tokenizer?.Encoding != folder.Tokenizer?.Encoding)
            yield return $"tokenizer.kind is '{variant.Tokenizer?.Kind}', the folder's is '{folder.Tokenizer?.Kind}'.";
        else if (variant.Tokenizer is { } tokens && folder.Tokenizer is { LowerCase: null } && (tokens.LowerCase is not null || tokens.StripAccents is not null))
            yield return "tokenizer.lower_case or strip_accents is stated, and the tokenizer's file or encoding says it.";
        else if (variant.Tokenizer is { LowerCase: null } or { StripAccents: null } && folder.Tokenizer is { LowerCase: not null })
            yield return "tokenizer.lower_case and strip_accents are not stated, and no file says them.";
        if (variant.Tokenizer is null && folder.Provider != ModelSpec.OnnxProvider && variant.OverLong == OverLongText.ChunkMean)
            yield return "over_long: chunk-mean needs to know the tokens of a text, and the folder has no tokenizer.";
    }

    /// <summary>What a server decides cannot be decided otherwise here, and a graph is not told what a server is.</summary>
    private static IEnumerable<string> Provider(ModelSpec variant, ModelSpec folder)
    {
        var isHttp = ProviderRules.IsHttp(folder.Provider);
        if (isHttp && (variant.Pooling, variant.Output, variant.Batching) != (folder.Pooling, folder.Output, folder.Batching))
            yield return $"pooling, output or batching is not the folder's, and a server behind provider: {folder.Provider} decides that itself.";
        if (folder.Provider != ModelSpec.CohereProvider && variant.EmbeddingType != folder.EmbeddingType)
            yield return $"embedding_type is for provider: {ModelSpec.CohereProvider}.";
        if (folder.Provider is not (ModelSpec.CohereProvider or ModelSpec.TeiProvider) && (variant.QueryInputType.Length > 0 || variant.DocumentInputType.Length > 0))
            yield return $"input_types are for provider: {ModelSpec.CohereProvider} and {ModelSpec.TeiProvider}.";
        if (folder.Provider == ModelSpec.CohereProvider && (variant.QueryInputType.Length == 0 || variant.DocumentInputType.Length == 0))
            yield return "input_types is empty: expected e.g. search_query and search_document.";
        if (isHttp && variant.Tokenizer is null && variant.MaxTokens != folder.MaxTokens)
            yield return "max_tokens is not the folder's, and without a tokenizer the limit is the server's.";
    }
}
