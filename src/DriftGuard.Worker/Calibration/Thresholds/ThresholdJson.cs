using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DriftGuard.Worker.Calibration.Thresholds;

/// <summary>
/// Thresholds as JSON, the same in the state, over HTTP and for programs: camelCase keys, always all of them, snake_case constants. A number
/// that is not finite is refused, not written.
/// </summary>
public static class ThresholdJson
{
    /// <summary>How they are written and read.</summary>
    public static JsonSerializerOptions Options { get; } = Create(indented: false);

    /// <summary>The same for people's eyes.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    /// <summary>The word of a constant, e.g. <c>quantile_matching</c>.</summary>
    public static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>Reads a stored threshold.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static Threshold Read(string json) => JsonSerializer.Deserialize<Threshold>(json, Options) ?? throw new JsonException("a stored threshold is empty");

    private static JsonSerializerOptions Create(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };
}
