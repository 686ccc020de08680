using System.Text.Json;

namespace DriftGuard.Core.Embedding;

/// <summary>The members of a spec that its digest is of, one by one, so that two specs can be told apart by name.</summary>
public static class SpecMembers
{
    /// <summary>What an absent member is written as.</summary>
    public const string Absent = "(default)";

    /// <summary>Each member by its path in the canonical bytes, e.g. <c>pooling</c> or <c>tokenizer.lower_case</c>, texts in quotes.</summary>
    /// <exception cref="ArgumentException">A text of the spec has a lone surrogate.</exception>
    public static IReadOnlyDictionary<string, string> Of(ModelSpec spec)
    {
        var members = new SortedDictionary<string, string>(StringComparer.Ordinal);
        using var json = JsonDocument.Parse(ModelSpecDigest.CanonicalBytes(spec));
        Add(members, "", json.RootElement);
        return members;
    }

    /// <summary>Members that are not the same, with both values.</summary>
    public static IEnumerable<(string Member, string Before, string After)> Differences(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(member => (member, before.GetValueOrDefault(member, Absent), after.GetValueOrDefault(member, Absent)))
            .Where(pair => pair.Item2 != pair.Item3);

    private static void Add(SortedDictionary<string, string> members, string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
                Add(members, path.Length == 0 ? member.Name : $"{path}.{member.Name}", member.Value);
        }
        else
        {
            members[path] = value.GetRawText();
        }
    }
}
