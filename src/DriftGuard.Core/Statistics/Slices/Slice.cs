using DriftGuard.Core.Calibration;

namespace DriftGuard.Core.Statistics.Slices;

/// <summary>Queries that share a value of a field.</summary>
/// <param name="Field">The field, such as <c>lang</c>.</param>
/// <param name="Value">Its value, such as <c>de</c>.</param>
/// <param name="Critical">Whether being too small to test makes the outcome inconclusive.</param>
/// <param name="Queries">Positions of its queries in the calibration set, ascending.</param>
public sealed record Slice(string Field, string Value, bool Critical, IReadOnlyList<int> Queries)
{
    /// <summary><c>field=value</c>.</summary>
    public string Name => $"{Field}={Value}";

    /// <summary>The slices a calibration set declares. A query without the field is in none of that field's slices.</summary>
    /// <returns>By declared field, then by the first query of each value.</returns>
    public static IReadOnlyList<Slice> Of(CalibrationSet set)
    {
        var slices = new List<Slice>();
        foreach (var declared in set.Header.Slices)
        {
            slices.AddRange(set.Queries
                .Select((query, position) => (Value: query.Fields.GetValueOrDefault(declared.Field), Position: position))
                .Where(entry => entry.Value is not null)
                .GroupBy(entry => entry.Value!, entry => entry.Position, StringComparer.Ordinal)
                .Select(queries => new Slice(declared.Field, queries.Key, declared.Critical, [.. queries])));
        }

        return slices;
    }
}
