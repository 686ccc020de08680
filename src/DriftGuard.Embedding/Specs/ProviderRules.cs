using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Specs;

/// <summary>Which keys of <c>model.yaml</c> belong to which provider.</summary>
internal static class ProviderRules
{
    private static readonly string[] Known = [ModelSpec.OnnxProvider, ModelSpec.OpenAIProvider, ModelSpec.CohereProvider, ModelSpec.TeiProvider];

    /// <summary>Whether vectors of a provider are asked for over HTTP.</summary>
    public static bool IsHttp(string provider) => provider != ModelSpec.OnnxProvider && Known.Contains(provider, StringComparer.Ordinal);

    /// <summary>Reports what contradicts the provider. To be called before keys that nobody asked for are refused.</summary>
    public static void Check(ModelSpec spec, YamlFields fields)
    {
        if (spec.Provider.Length > 0 && !Known.Contains(spec.Provider, StringComparer.Ordinal))
            fields.Report("provider", $"provider is '{spec.Provider}': expected {string.Join(", ", Known[..^1])} or {Known[^1]}.");
        else if (IsHttp(spec.Provider))
            CheckHttp(spec, fields);
        else
            CheckOnnx(spec, fields);
    }

    private static void CheckOnnx(ModelSpec spec, YamlFields fields)
    {
        foreach (var key in new[] { "endpoint", "input_types", "embedding_type" })
            fields.Refuse(key, $"{key} is for providers that are asked over HTTP, provider is {spec.Provider}.");
        if (spec.MaxTokens is 1 or 2 && spec.Files.Any(f => f.Role == ModelFileRoles.Vocabulary))
            fields.Report("max_tokens", $"max_tokens is {spec.MaxTokens}: expected 3 or more, two are taken by [CLS] and [SEP].");
    }

    private static void CheckHttp(ModelSpec spec, YamlFields fields)
    {
        foreach (var key in new[] { "pooling", "output", "batching" })
            fields.Refuse(key, $"{key} is for provider: {ModelSpec.OnnxProvider}, a server behind provider: {spec.Provider} decides that itself.");
        if (spec.Provider != ModelSpec.CohereProvider)
            fields.Refuse("embedding_type", $"embedding_type is for provider: {ModelSpec.CohereProvider}, {spec.Provider} gives floats.");
        if (spec.Provider == ModelSpec.OpenAIProvider)
            fields.Refuse("input_types", $"input_types are not part of what {spec.Provider} servers take; use prefixes where the model wants some.");
        if (spec.Provider == ModelSpec.CohereProvider && (spec.QueryInputType.Length == 0 || spec.DocumentInputType.Length == 0) && !fields.Has("input_types"))
            fields.Report("input_types is missing: expected e.g. { query: search_query, document: search_document }.");
        if (spec.Tokenizer is null && fields.Has("files"))
            fields.Report("files", "files are those of a tokenizer here: state tokenizer.kind, or leave files out and let the server count tokens.");
        if (spec.Tokenizer is { Kind: not TokenizerSpec.Tiktoken } && !fields.Has("files"))
            fields.Report($"files is missing: tokenizer.kind: {spec.Tokenizer.Kind} is read from a file, {ModelFileRoles.Tokenizer} or {ModelFileRoles.Vocabulary}.");
        if (spec.Tokenizer is null && spec.OverLong == OverLongText.ChunkMean)
        {
            fields.Report("over_long", $"over_long: {SpecWord.Of(spec.OverLong)} needs to know the tokens of a text: state tokenizer and its file, "
                + "or choose truncate or refuse.");
        }
    }
}
