using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Collections;

/// <summary>How large a filter is, as strict mode counts: its conditions at every depth, and the values of the largest one.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FilterSize(ulong Conditions, ulong LargestCondition)
{
    public static FilterSize Of(Filter? filter)
    {
        if (filter is null) return default;
        var size = default(FilterSize);
        foreach (var list in Lists(filter))
            foreach (var condition in list) size += Of(condition);
        return size;
    }

    public static FilterSize operator +(FilterSize a, FilterSize b) =>
        new(a.Conditions + b.Conditions, Math.Max(a.LargestCondition, b.LargestCondition));

    private static IEnumerable<RepeatedField<Condition>> Lists(Filter filter)
    {
        yield return filter.Must;
        yield return filter.MustNot;
        yield return filter.Should;
        if (filter.MinShould is { } some) yield return some.Conditions;
    }

    private static FilterSize Of(Condition condition) => condition.ConditionOneOfCase switch
    {
        Condition.ConditionOneOfOneofCase.Filter => Of(condition.Filter),
        Condition.ConditionOneOfOneofCase.Nested => Of(condition.Nested.Filter),
        Condition.ConditionOneOfOneofCase.HasId => new FilterSize(1, (ulong)condition.HasId.HasId.Count),
        Condition.ConditionOneOfOneofCase.Field => new FilterSize(1, (ulong)Values(condition.Field.Match)),
        _ => new FilterSize(1, 0),
    };

    private static int Values(Match? match) => match?.MatchValueCase switch
    {
        Match.MatchValueOneofCase.Keywords => match.Keywords.Strings.Count,
        Match.MatchValueOneofCase.ExceptKeywords => match.ExceptKeywords.Strings.Count,
        Match.MatchValueOneofCase.Integers => match.Integers.Integers.Count,
        Match.MatchValueOneofCase.ExceptIntegers => match.ExceptIntegers.Integers.Count,
        _ => 0,
    };
}
