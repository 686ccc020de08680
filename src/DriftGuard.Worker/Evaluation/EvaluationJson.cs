using System.Text.Json;
using System.Text.Json.Serialization;

namespace DriftGuard.Worker.Evaluation;

/// <summary>Evaluation reports as JSON: camelCase, enums by name.</summary>
public static class EvaluationJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Writes a report.</summary>
    public static string Write(EvaluationReport report) => JsonSerializer.Serialize(report, Options);

    /// <summary>Reads a report.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static EvaluationReport Read(string json) => JsonSerializer.Deserialize<EvaluationReport>(json, Options)
        ?? throw new JsonException("a stored evaluation is empty");
}
