using System.Reflection;
using System.Text.Json;

namespace DriftGuard.Worker.Configuration;

/// <summary>The keys that the options have, read from their types.</summary>
internal static class SettingSchema
{
    /// <summary>The settable properties of an options type by their keys, in the order of declaration.</summary>
    public static IReadOnlyList<(string Key, PropertyInfo Property)> Properties(Type options) =>
        [.. options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).Select(p => (Key(p.Name), p))];

    /// <summary>The key of a property or the text of an enum's member.</summary>
    public static string Key(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    /// <summary>Whether values of a type are sections of further keys.</summary>
    public static bool IsSection(Type type) => type is { IsClass: true, IsArray: false } && type.Namespace == typeof(DriftGuardOptions).Namespace;

    /// <summary>The type of a list's items, or null where the type is not a list.</summary>
    public static Type? ItemType(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    /// <summary>Finds the key that a segment of an environment variable means: case and single underscores do not matter.</summary>
    public static string? FindKey(Type options, string segment) =>
        Properties(options).Select(p => p.Key).FirstOrDefault(key => string.Equals(
            key, segment.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));
}
