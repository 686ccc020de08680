using DriftGuard.Core.Calibration;

namespace DriftGuard.Core.Tests.Calibration;

/// <summary>Sets of any size for rules that look at the whole.</summary>
internal static class SetExample
{
    /// <summary>Queries with their judgements and fields; queries with the same relevant documents are a group.</summary>
    public static CalibrationSet Of(IReadOnlyList<ExampleQuery> queries, params CalibrationSlice[] slices)
    {
        var groups = new Dictionary<string, int>(StringComparer.Ordinal);
        return new()
        {
            Header = new() { Name = "example", Slices = slices },
            Queries = [.. queries.Select(query => new CalibrationQuery(query.Id, query.Text, GroupOf(query), query.Fields))],
            Qrels = new(queries.Select(query => KeyValuePair.Create(query.Id, query.Judgements))),
        };

        int GroupOf(ExampleQuery query)
        {
            var key = string.Join('\t', query.Judgements.Where(judgement => judgement.Value >= 1).Select(judgement => judgement.Key).Order(StringComparer.Ordinal));
            return groups.TryGetValue(key, out var group) ? group : groups[key] = groups.Count;
        }
    }

    /// <summary>A query that one document answers.</summary>
    public static ExampleQuery Query(int number, string? text = null, string? document = null, params (string Name, string Value)[] fields) => new(
        $"q{number}", text ?? $"question number {number}", new Dictionary<string, int>(StringComparer.Ordinal) { [document ?? $"d{number}"] = 1 },
        fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal));

    /// <summary>As many queries, each about a document of its own.</summary>
    public static IReadOnlyList<ExampleQuery> Queries(int count, Func<int, (string Name, string Value)[]>? fields = null) =>
        [.. Enumerable.Range(0, count).Select(i => Query(i, fields: fields?.Invoke(i) ?? []))];
}

/// <summary>A query of an example.</summary>
internal sealed record ExampleQuery(string Id, string Text, IReadOnlyDictionary<string, int> Judgements, IReadOnlyDictionary<string, string> Fields);
