using System.Globalization;
using DriftGuard.Core.Embedding;
using DriftGuard.Core.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DriftGuard.Embedding.Specs;

/// <summary>
/// Reads the fields of one YAML mapping and collects every problem with its line, instead of stopping at the first. A field
/// that cannot be read gives its default, so that reading goes on.
/// </summary>
internal sealed class YamlFields
{
    private readonly YamlMappingNode _mapping;
    private readonly string _prefix;
    private readonly string _file;
    private readonly List<ModelProblem> _problems;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public YamlFields(YamlMappingNode mapping, string prefix, string file, List<ModelProblem> problems)
    {
        _mapping = mapping;
        _prefix = prefix;
        _file = file;
        _problems = problems;
    }

    /// <summary>The path of the mapping, e.g. <c>files.graph.</c>; empty for the whole file.</summary>
    public string Prefix => _prefix;

    public string Text(string key, string? fallback = null)
    {
        if (Scalar(key, required: fallback is null) is not { } scalar)
            return fallback ?? "";
        if (scalar.Value is null || (fallback is null && scalar.Value.Length == 0))
            Report(scalar, $"{_prefix}{key} is empty.");
        return scalar.Value ?? "";
    }

    public int? Integer(string key, bool required)
    {
        if (Scalar(key, required) is not { } scalar)
            return null;
        if (int.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            return number;
        Report(scalar, $"{_prefix}{key} is '{scalar.Value}': expected a whole number of 1 or more.");
        return null;
    }

    /// <summary>A whole number within bounds, or <see langword="null"/> where there is none.</summary>
    public int? IntegerWithin(string key, int least, int most)
    {
        if (Scalar(key, required: false) is not { } scalar)
            return null;
        if (int.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        Report(scalar, string.Create(CultureInfo.InvariantCulture, $"{_prefix}{key} is '{scalar.Value}': expected a whole number from {least} to {most}."));
        return null;
    }

    /// <summary>A duration within bounds, see <see cref="DurationText"/>; or <see langword="null"/> where there is none.</summary>
    public TimeSpan? Duration(string key, TimeSpan least, TimeSpan most)
    {
        if (Scalar(key, required: false) is not { } scalar)
            return null;
        if (DurationText.TryParse(scalar.Value ?? "", out var duration) && duration >= least && duration <= most)
            return duration;
        Report(scalar, $"{_prefix}{key} is '{scalar.Value}': expected a duration from {DurationText.Format(least)} to {DurationText.Format(most)}.");
        return null;
    }

    /// <summary>The texts of a sequence; none where there is no such key.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        if (Find(key, required: false) is not { } node)
            return [];
        if (node is YamlSequenceNode sequence && sequence.Children.All(c => c is YamlScalarNode { Value.Length: > 0 }))
            return [.. sequence.Children.Select(c => ((YamlScalarNode)c).Value!)];
        Report(node, $"{_prefix}{key} must be a list of texts.");
        return [];
    }

    /// <summary>The names and texts of a mapping of any keys; none where there is no such key.</summary>
    public IReadOnlyDictionary<string, string> Pairs(string key)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Find(key, required: false) is not { } node)
            return pairs;
        if (node is not YamlMappingNode mapping || mapping.Children.Any(p => p is not { Key: YamlScalarNode { Value.Length: > 0 }, Value: YamlScalarNode { Value.Length: > 0 } }))
        {
            Report(node, $"{_prefix}{key} must be a mapping of names to texts.");
            return pairs;
        }

        foreach (var (name, value) in mapping.Children)
            pairs[((YamlScalarNode)name).Value!] = ((YamlScalarNode)value).Value!;
        return pairs;
    }

    public bool Boolean(string key, bool fallback)
    {
        if (Scalar(key, required: false) is not { } scalar)
            return fallback;
        if (scalar is { Style: ScalarStyle.Plain, Value: "true" or "false" })
            return scalar.Value == "true";
        Report(scalar, $"{_prefix}{key} is '{scalar.Value}': expected true or false.");
        return fallback;
    }

    /// <summary>A word that names a member of the enumeration, see <see cref="SpecWord"/>.</summary>
    public T Word<T>(string key, T fallback) where T : struct, Enum
    {
        if (Scalar(key, required: false) is not { } scalar)
            return fallback;
        var words = Enum.GetValues<T>().ToDictionary(SpecWord.Of, StringComparer.Ordinal);
        if (words.TryGetValue(scalar.Value ?? "", out var value))
            return value;
        Report(scalar, $"{_prefix}{key} is '{scalar.Value}': expected {string.Join(" or ", words.Keys)}.");
        return fallback;
    }

    /// <summary>The mapping under a key, or <see langword="null"/> where there is none.</summary>
    public YamlFields? Mapping(string key, bool required)
    {
        if (Find(key, required) is not { } node)
            return null;
        if (node is YamlMappingNode mapping)
            return new(mapping, $"{_prefix}{key}.", _file, _problems);
        Report(node, $"{_prefix}{key} must be a mapping of keys and values.");
        return null;
    }

    /// <summary>The mappings of a sequence; none where there is no such key.</summary>
    public IReadOnlyList<YamlFields> Mappings(string key)
    {
        if (Find(key, required: false) is not { } node)
            return [];
        if (node is YamlSequenceNode sequence && sequence.Children.All(c => c is YamlMappingNode))
            return [.. sequence.Children.Select((c, i) => new YamlFields((YamlMappingNode)c, $"{_prefix}{key}[{i}].", _file, _problems))];
        Report(node, $"{_prefix}{key} must be a list of mappings.");
        return [];
    }

    /// <summary>Whether a key is there.</summary>
    public bool Has(string key) => _mapping.Children.ContainsKey(new YamlScalarNode(key));

    /// <summary>Reports every key that was never asked for. To be called last.</summary>
    public void RefuseUnknownKeys()
    {
        foreach (var node in _mapping.Children.Keys)
        {
            var key = (node as YamlScalarNode)?.Value ?? node.ToString();
            if (_known.Contains(key))
                continue;
            var hint = NearestName.Find(key, _known) is { } nearest
                ? $"did you mean '{nearest}'?"
                : $"known are {string.Join(", ", _known.Order(StringComparer.Ordinal))}.";
            Report(node, $"unknown key '{_prefix}{key}': {hint}");
        }
    }

    /// <summary>Reports a problem at the value of a key, or at the mapping where the key is not there.</summary>
    public void Report(string key, string message) =>
        Report(_mapping.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : _mapping, message);

    /// <summary>Reports a key that has no place here, if it is there.</summary>
    public void Refuse(string key, string message)
    {
        _known.Add(key);
        if (Has(key))
            Report(key, message);
    }

    /// <summary>Reports a problem at the mapping itself.</summary>
    public void Report(string message) => Report(_mapping, message);

    private YamlScalarNode? Scalar(string key, bool required)
    {
        if (Find(key, required) is not { } node)
            return null;
        if (node is YamlScalarNode scalar)
            return scalar;
        Report(node, $"{_prefix}{key} must be a single value.");
        return null;
    }

    private YamlNode? Find(string key, bool required)
    {
        _known.Add(key);
        if (_mapping.Children.TryGetValue(new YamlScalarNode(key), out var node))
            return node;
        if (required)
            Report(_mapping, $"{_prefix}{key} is missing.");
        return null;
    }

    private void Report(YamlNode node, string message) => _problems.Add(new(_file, checked((int)node.Start.Line), message));
}
