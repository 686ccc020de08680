using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Drift.Points;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Drift.Doctor;

/// <summary>Finds the payload field that was embedded in a collection that nobody describes.</summary>
internal static class TextFields
{
    /// <summary>A field counts if this share of the points has a text there.</summary>
    private const double Most = .5;

    /// <summary>Fields that hold a text in most points, the longest on average first, fields of objects by their path.</summary>
    public static IReadOnlyList<TextFieldUse> Find(IReadOnlyList<SampledDocument> sample) =>
    [
        .. sample.SelectMany(point => Texts(point.Payload, "")).GroupBy(text => text.Field, StringComparer.Ordinal)
            .Select(field => new TextFieldUse(field.Key, field.Count(), field.Average(text => (double)text.Length)))
            .Where(field => field.Points > Most * sample.Count)
            .OrderByDescending(field => field.MeanLength).ThenBy(field => field.Field, StringComparer.Ordinal),
    ];

    /// <summary>How a field is used in a sample.</summary>
    public static TextFieldUse Of(string field, IReadOnlyList<SampledDocument> sample)
    {
        var lengths = sample.Select(point => PayloadText.Of(point.Payload, field)?.Length ?? 0).Where(length => length > 0).ToList();
        return new(field, lengths.Count, lengths.Count == 0 ? 0 : lengths.Average());
    }

    /// <summary>How the texts of an index' source are used in a sample that has them already.</summary>
    public static TextFieldUse OfSource(string source, IReadOnlyList<SampledDocument> sample)
    {
        var lengths = sample.Select(point => point.Text?.Length ?? 0).Where(length => length > 0).ToList();
        return new(source, lengths.Count, lengths.Count == 0 ? 0 : lengths.Average());
    }

    /// <summary>The sample with the texts of a field.</summary>
    public static IReadOnlyList<SampledDocument> Under(string field, IReadOnlyList<SampledDocument> sample) =>
        [.. sample.Select(point => point with { Text = PayloadText.Of(point.Payload, field) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null })];

    private static IEnumerable<(string Field, int Length)> Texts(MapField<string, Value> fields, string prefix) => fields.SelectMany(field => field.Value.KindCase switch
    {
        Value.KindOneofCase.StringValue when !string.IsNullOrWhiteSpace(field.Value.StringValue) => [(prefix + field.Key, field.Value.StringValue.Length)],
        Value.KindOneofCase.StructValue => Texts(field.Value.StructValue.Fields, $"{prefix}{field.Key}."),
        _ => Array.Empty<(string, int)>(),
    });
}
