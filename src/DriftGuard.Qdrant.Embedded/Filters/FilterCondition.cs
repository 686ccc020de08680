using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Filters;

/// <summary>A whole filter: all of must, none of must_not, one of should, and enough of min_should; what is absent holds.</summary>
internal sealed record FilterCondition(
    ICondition[] Must, ICondition[] MustNot, ICondition[] Should, ICondition[] MinShould, ulong MinCount) : ICondition
{
    public bool Matches(IFilterTarget target)
    {
        foreach (var condition in Must)
            if (!condition.Matches(target)) return false;
        foreach (var condition in MustNot)
            if (condition.Matches(target)) return false;
        return HasOneOfShould(target) && HasEnoughOfMinShould(target);
    }

    private bool HasOneOfShould(IFilterTarget target)
    {
        if (Should.Length == 0) return true;
        foreach (var condition in Should)
            if (condition.Matches(target)) return true;
        return false;
    }

    private bool HasEnoughOfMinShould(IFilterTarget target)
    {
        ulong met = 0;
        foreach (var condition in MinShould)
        {
            if (met == MinCount) break;
            if (condition.Matches(target)) met++;
        }

        return met == MinCount;
    }

    /// <summary>Prepares a filter of a request; null where it holds for every point.</summary>
    public static FilterCondition? Of(Filter? filter) =>
        filter is null || filter.CalculateSize() == 0 ? null : FilterParser.Parse(filter);
}
