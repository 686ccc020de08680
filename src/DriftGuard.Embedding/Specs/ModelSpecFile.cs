using DriftGuard.Core.Embedding;
using YamlDotNet.Core;
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
    /// <returns>The spec, which is only to be used if there are no problems; <see langword="null"/> if it cannot be read.</returns>
    public static ModelSpec? Read(string directory, List<ModelProblem> problems)
    {
        var file = Path.Combine(directory, Name);
        if (!File.Exists(file))
        {
            problems.Add(new(file, null, "there is no such file; each model folder needs one that says how its vectors are made."));
            return null;
        }

        return Parse(File.ReadAllText(file), file, problems);
    }

    public static ModelSpec? Parse(string yaml, string file, List<ModelProblem> problems)
    {
        var stream = new YamlStream();
        try
        {
            using var reader = new StringReader(yaml);
            stream.Load(reader);
        }
        catch (YamlException e)
        {
            problems.Add(new(file, checked((int)e.Start.Line), $"not YAML: {e.Message}"));
            return null;
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet 18.1.0 throws this, without a place, on some files that are not YAML, e.g. an unclosed brace.
            problems.Add(new(file, null, "not YAML; look for a brace, bracket or quote that is not closed."));
            return null;
        }

        if (stream.Documents is not [{ RootNode: YamlMappingNode root }])
        {
            problems.Add(new(file, 1, "must be one YAML document with keys and values."));
            return null;
        }

        return ReadSpec(new(root, "", file, problems));
    }

    private static ModelSpec ReadSpec(YamlFields fields)
    {
        var dimensions = fields.Integer("dimensions", required: true) ?? 0;
        var pooling = fields.Word("pooling", Pooling.Mean);
        var prefixes = fields.Mapping("prefixes", required: false);
        var files = fields.Mapping("files", required: true);
        var tokenizer = TokenizerFields.Read(fields.Mapping("tokenizer", required: true), files);
        var spec = new ModelSpec
        {
            Name = fields.Text("name"),
            Provider = fields.Text("provider"),
            Model = fields.Text("model"),
            Revision = fields.Text("revision", fallback: ""),
            Files = ReadFiles(files, tokenizer),
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
            Tokenizer = tokenizer,
            Distance = fields.Word("distance", VectorDistance.Cosine),
            Batching = fields.Word("batching", Batching.Single),
        };
        prefixes?.RefuseUnknownKeys();
        Check(spec, fields);
        fields.RefuseUnknownKeys();
        return spec;
    }

    private static List<ModelFile> ReadFiles(YamlFields? fields, TokenizerSpec? tokenizer)
    {
        var files = new List<ModelFile>();
        if (fields is null)
            return files;
        files.Add(ReadFile(fields.Mapping(ModelFileRoles.Graph, required: true), _ => ModelFileRoles.Graph));
        files.AddRange(fields.Mappings("weights").Select(f => ReadFile(f, ModelFileRoles.Weights)));
        if (TokenizerFields.FileRole(tokenizer, fields) is { } role)
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
        if (spec.Provider.Length > 0 && spec.Provider != ModelSpec.OnnxProvider)
            fields.Report("provider", $"provider is '{spec.Provider}': expected {ModelSpec.OnnxProvider}, the only one there is.");
        if (spec.NativeDimensions < spec.Dimensions)
        {
            fields.Report("native_dimensions", $"native_dimensions is {spec.NativeDimensions}, less than dimensions ({spec.Dimensions}): "
                + "truncation can only shorten a vector.");
        }

        if (spec.MaxTokens is 1 or 2 && spec.Files.Any(f => f.Role == ModelFileRoles.Vocabulary))
            fields.Report("max_tokens", $"max_tokens is {spec.MaxTokens}: expected 3 or more, two are taken by [CLS] and [SEP].");
    }
}
