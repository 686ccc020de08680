using System.Text.Json;

namespace DriftGuard.Core.Calibration;

/// <summary>Values that can be a query's field: texts, numbers, true and false.</summary>
internal static class PlainValue
{
    /// <summary>The value as text; null for a list, an object or null.</summary>
    public static string? Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };

    /// <summary>The fields of an object that are plain, as texts; the others are left out.</summary>
    public static Dictionary<string, string> Fields(IEnumerable<KeyValuePair<string, JsonElement>> members) => members
        .Select(member => (member.Key, Value: Of(member.Value)))
        .Where(member => member.Value is not null)
        .ToDictionary(member => member.Key, member => member.Value!, StringComparer.Ordinal);
}
