using System.Text.Json;
using System.Text.Json.Serialization;

namespace DriftGuard.State;

/// <summary>How records are written as JSON in the state: camelCase, enums by name, unknown members of newer versions ignored.</summary>
internal static class StateJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter() },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)
        ?? throw new StateException($"a stored {typeof(T).Name} is empty");
}
