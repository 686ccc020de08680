using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DriftGuard.Worker.Evaluation;

/// <summary>Evaluation reports as JSON: camelCase keys, snake_case constants, the same in the state, in files and for programs.</summary>
public static class EvaluationJson
{
    /// <summary>How a report is written and read.</summary>
    public static JsonSerializerOptions Options { get; } = Create(indented: false);

    /// <summary>How a report is written for people's eyes.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    /// <summary>Writes a report.</summary>
    public static string Write(EvaluationReport report) => JsonSerializer.Serialize(report, Options);

    /// <summary>Reads a report, also one of an older version.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static EvaluationReport Read(string json) => JsonSerializer.Deserialize<EvaluationReport>(json, Options)
        ?? throw new JsonException("a stored evaluation is empty");

    private static JsonSerializerOptions Create(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };
}
