using DriftGuard.Core.Statistics.Slices;

namespace DriftGuard.Core.Calibration.Linting;

/// <summary>Unjudged results of one side.</summary>
/// <param name="Side">The model or collection.</param>
/// <param name="Depth">Results of a query that were looked at, at the most.</param>
/// <param name="Retrieved">Results of all queries.</param>
/// <param name="Unjudged">Those without a judgement.</param>
/// <param name="Share">Mean over queries of the unjudged share; 0 where nothing was retrieved.</param>
/// <param name="QueriesWithHoles">Queries with at least one.</param>
/// <param name="Slices">The same by declared slice.</param>
/// <param name="ShareByQuery">The share of each query, in the order of the set.</param>
public sealed record Holes(
    string Side, int Depth, int Retrieved, int Unjudged, double Share, int QueriesWithHoles, IReadOnlyList<SliceHoles> Slices,
    [property: System.Text.Json.Serialization.JsonIgnore] IReadOnlyList<double> ShareByQuery)
{
    /// <summary>Counts them.</summary>
    public static Holes Of(CalibrationSet set, RetrievedSide side)
    {
        var unjudged = set.Queries.Select((query, i) => side.Found[i].Count(id => !set.Qrels[query.Id].ContainsKey(id))).ToList();
        List<double> shares = [.. unjudged.Select((count, i) => side.Found[i].Count == 0 ? 0 : count / (double)side.Found[i].Count)];
        return new(
            side.Side,
            side.Found.Count == 0 ? 0 : side.Found.Max(found => found.Count),
            side.Found.Sum(found => found.Count),
            unjudged.Sum(),
            Mean(shares),
            unjudged.Count(count => count > 0),
            [.. Slice.Of(set).Select(slice => new SliceHoles(slice.Name, slice.Queries.Count, Mean([.. slice.Queries.Select(i => shares[i])])))],
            shares);
    }

    private static double Mean(List<double> values) => values.Count == 0 ? 0 : values.Sum() / values.Count;
}

/// <summary>Unjudged results of a slice.</summary>
/// <param name="Slice">The slice.</param>
/// <param name="Queries">Its queries.</param>
/// <param name="Share">Mean over them of the unjudged share.</param>
public sealed record SliceHoles(string Slice, int Queries, double Share);
