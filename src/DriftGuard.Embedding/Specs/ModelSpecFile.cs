using DriftGuard.Core.Embedding;
using DriftGuard.Core.Text;
using YamlDotNet.RepresentationModel;

namespace DriftGuard.Embedding.Specs;

/// <summary>
/// Reads <c>model.yaml</c>, the spec that lies beside the files of a model. Every key is described in the README of the model
/// folders; unknown ones are refused.
/// </summary>
internal static class ModelSpecFile
{
    public const string Name = "model.yaml";

    /// <summary>Reads the spec and adds what is wrong with it to <paramref name="problems"/>.</summary>
    /// <returns>What it says, only to be used if there are no problems; <see langword="null"/> if it cannot be read.</returns>
    public static ModelDefinition? Read(string directory, List<ModelProblem> problems)
    {
        var file = Path.Combine(directory, Name);
        if (!File.Exists(file))
        {
            problems.Add(new(file, null, "there is no such file; each model folder needs one that says how its vectors are made."));
            return null;
        }

        return Parse(File.ReadAllText(file), file, problems);
    }

    public static ModelDefinition? Parse(string yaml, string file, List<ModelProblem> problems)
    {
        YamlMappingNode root;
        try
        {
            root = YamlText.ParseMapping(yaml);
        }
        catch (YamlTextException e)
        {
            problems.Add(new(file, e.Line, $"not YAML: {e.Message}."));
            return null;
        }

        var fields = new YamlFields(root, "", file, problems);
        var spec = ReadSpec(fields);
        var endpoint = ProviderRules.IsHttp(spec.Provider) ? EndpointFields.Read(fields.Mapping("endpoint", required: true), spec) : null;
        fields.RefuseUnknownKeys();
        return new(spec, endpoint);
    }

    private static ModelSpec ReadSpec(YamlFields fields)
    {
        var dimensions = fields.Integer("dimensions", required: true) ?? 0;
        var pooling = fields.Word("pooling", Pooling.Mean);
        var prefixes = fields.Mapping("prefixes", required: false);
        var provider = fields.Text("provider");
        var http = ProviderRules.IsHttp(provider);
        var files = fields.Mapping("files", required: !http);
        var tokenizer = TokenizerFields.Read(fields.Mapping("tokenizer", required: !http), files);
        var inputTypes = provider is ModelSpec.CohereProvider or ModelSpec.TeiProvider ? fields.Mapping("input_types", required: false) : null;
        var spec = new ModelSpec
        {
            Name = fields.Text("name"),
            Provider = provider,
            Model = fields.Text("model"),
            Revision = fields.Text("revision", fallback: ""),
            Files = ReadFiles(files, tokenizer, withGraph: !http),
            Dimensions = dimensions,
            NativeDimensions = fields.Integer("native_dimensions", required: false),
            Pooling = pooling,
            Output = pooling == Pooling.Output ? fields.Text("output") : fields.Text("output", fallback: ModelSpec.DefaultOutput),
            Normalisation = fields.Word("normalisation", Normalisation.L2),
            QueryPrefix = prefixes?.Text("query", fallback: "") ?? "",
            DocumentPrefix = prefixes?.Text("document", fallback: "") ?? "",
            MaxTokens = fields.Integer("max_tokens", required: true) ?? 0,
            OverLong = fields.Word("over_long", OverLongText.Truncate),
            EmptyText = fields.Word("empty_text", EmptyText.Refuse),
            QueryInputType = ReadInputType(inputTypes, "query", provider),
            DocumentInputType = ReadInputType(inputTypes, "document", provider),
            EmbeddingType = provider == ModelSpec.CohereProvider ? fields.Word("embedding_type", EmbeddingType.Float) : EmbeddingType.Float,
            Tokenizer = tokenizer,
            Distance = fields.Word("distance", VectorDistance.Cosine),
            Batching = fields.Word("batching", Batching.Single),
        };
        prefixes?.RefuseUnknownKeys();
        inputTypes?.RefuseUnknownKeys();
        Check(spec, fields);
        return spec;
    }

    private static string ReadInputType(YamlFields? fields, string key, string provider) =>
        fields?.Text(key, provider == ModelSpec.CohereProvider ? null : "") ?? "";

    private static List<ModelFile> ReadFiles(YamlFields? fields, TokenizerSpec? tokenizer, bool withGraph)
    {
        var files = new List<ModelFile>();
        if (fields is null)
            return files;
        if (withGraph)
        {
            files.Add(ReadFile(fields.Mapping(ModelFileRoles.Graph, required: true), _ => ModelFileRoles.Graph));
            files.AddRange(fields.Mappings("weights").Select(f => ReadFile(f, ModelFileRoles.Weights)));
        }

        if ((withGraph || tokenizer is not null) && TokenizerFields.FileRole(tokenizer, fields) is { } role)
            files.Add(ReadFile(fields.Mapping(role, required: true), _ => role));
        fields.RefuseUnknownKeys();
        return [.. files.Where(f => f.Role.Length > 0)];
    }

    private static ModelFile ReadFile(YamlFields? file, Func<string, string> roleOf)
    {
        if (file is null)
            return new("", "", "");
        var path = file.Text("path");
        var sha256 = file.Text("sha256");
        if (Path.IsPathRooted(path) || path.Split('/', '\\').Contains("..", StringComparer.Ordinal))
            file.Report("path", $"{file.Prefix}path is '{path}': expected a path inside the model's folder.");
        if (sha256.Length > 0 && !(sha256.Length == 64 && sha256.All(char.IsAsciiHexDigit)))
            file.Report("sha256", $"{file.Prefix}sha256 is '{sha256}': expected 64 hex digits.");
        file.RefuseUnknownKeys();
        return new(roleOf(path), path, sha256.ToLowerInvariant());
    }

    private static void Check(ModelSpec spec, YamlFields fields)
    {
        ProviderRules.Check(spec, fields);
        if (spec.NativeDimensions < spec.Dimensions)
        {
            fields.Report("native_dimensions", $"native_dimensions is {spec.NativeDimensions}, less than dimensions ({spec.Dimensions}): "
                + "truncation can only shorten a vector.");
        }
    }
}
