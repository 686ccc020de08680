using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DriftGuard.Core.Drift;

namespace DriftGuard.Worker.Drift;

/// <summary>Drift reports as JSON: camelCase keys, snake_case constants, the same in the state, in files and for programs.</summary>
public static class DriftJson
{
    /// <summary>How it is written and read.</summary>
    public static JsonSerializerOptions Options { get; } = Create(indented: false);

    /// <summary>The same for people's eyes.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    /// <summary>The word of a constant, e.g. <c>insufficient_data</c>.</summary>
    public static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>Reads a report.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static DriftReport Read(string json) => JsonSerializer.Deserialize<DriftReport>(json, Options) ?? throw new JsonException("a stored drift report is empty");

    private static JsonSerializerOptions Create(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };
}
