using System.Text.Json;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Queries;

namespace DriftGuard.Core.Tests.Drift.Queries;

public class QueryDriftTests
{
    private const int Dimensions = 8;

    private static readonly QueryDriftOptions Options = new() { Seed = 3 };
    private static readonly QueryBaseline Baseline = BaselineOf(Day(-1, seed: 99, queries: 600));
    private static readonly IReadOnlyList<DayOfQueries> Past = [.. Enumerable.Range(0, 20).Select(number => Day(number, seed: number))];

    [Fact]
    public void A_day_like_the_past_shows_nothing_and_all_its_figures()
    {
        var result = QueryDrift.Judge(Day(20, seed: 20), null, Past, Baseline, Options);

        result.Verdict.ShouldBe(DriftVerdict.None);
        result.PastDays.ShouldBe(20);
        result.Seed.ShouldBe(3);
        var today = result.Today!;
        today.Coverage.Compared.ShouldBe(20 * 250);
        today.Discrepancy.Queries.ShouldBe(250);
        today.Discrepancy.Compared.ShouldBe(500);
        today.Discrepancy.Statistic.ShouldNotBeNull();
        today.Discrepancy.Effect.ShouldBeInRange(today.Discrepancy.EffectLower, today.Discrepancy.EffectUpper);
        today.Coverage.AdjustedP.ShouldBeGreaterThanOrEqualTo(today.Coverage.P);
        result.ShouldBe(QueryDrift.Judge(Day(20, seed: 20), null, Past, Baseline, Options));
    }

    [Theory]
    [InlineData(.15, 0, true, false)]
    [InlineData(0, .4, false, true)]
    [InlineData(.3, .5, true, true)]
    public void What_changed_is_suspected_by_its_part_and_confirmed_by_a_day_that_shows_it_too(double uncovered, double moved, bool coverage, bool discrepancy)
    {
        var today = Day(20, seed: 20, uncovered: uncovered, moved: moved);

        var suspected = QueryDrift.Judge(today, null, Past, Baseline, Options);
        var confirmed = QueryDrift.Judge(today, Day(21, seed: 21, uncovered: uncovered, moved: moved), Past, Baseline, Options);
        var alone = QueryDrift.Judge(today, Day(21, seed: 21), Past, Baseline, Options);

        suspected.Verdict.ShouldBe(DriftVerdict.Suspected);
        suspected.Reason!.ShouldContain("no other day");
        (suspected.Today!.Coverage.AdjustedP <= .01).ShouldBe(coverage);
        (suspected.Today.Discrepancy.AdjustedP <= .01).ShouldBe(discrepancy);
        confirmed.Verdict.ShouldBe(DriftVerdict.Confirmed);
        alone.Verdict.ShouldBe(DriftVerdict.Suspected);
        alone.Confirming.ShouldNotBeNull();
    }

    [Fact]
    public void Two_days_that_change_in_different_ways_do_not_confirm_each_other() =>
        QueryDrift.Judge(Day(20, seed: 20, uncovered: .2), Day(21, seed: 21, moved: .5), Past, Baseline, Options).Verdict.ShouldBe(DriftVerdict.Suspected);

    [Fact]
    public void The_days_that_are_judged_are_not_their_own_past()
    {
        var (today, next) = (Day(20, seed: 20, uncovered: .2), Day(21, seed: 21, uncovered: .2));

        QueryDrift.Judge(today, next, [.. Past, today, next], Baseline, Options).PastDays.ShouldBe(20);
    }

    [Fact]
    public void Too_little_data_says_what_is_missing()
    {
        Reason(Day(20, seed: 1, queries: 199), Past, Baseline).ShouldBe("2026-01-21 has 199 queries; 200 are needed");
        Reason(Day(20, seed: 1), Past.Take(19), Baseline).ShouldBe("19 of 19 past days have 200 sound queries or more; 20 such days are needed");
        Reason(Day(20, seed: 1), Past.Take(19).Append(Day(19, seed: 19, queries: 50)), Baseline).ShouldStartWith("19 of 20 past days");
        Reason(Day(20, seed: 1), Past, BaselineOf(Day(-1, seed: 9, queries: 150))).ShouldBe("the baseline has 150 queries; 200 are needed");
    }

    [Fact]
    public void Degenerate_input_is_never_an_alarm_and_never_an_exception()
    {
        var day = Day(20, seed: 20);
        var same = day with { Queries = [.. day.Queries.Select(query => query with { Vector = day.Queries[0].Vector })] };
        var flat = day with { Queries = [.. day.Queries.Select(query => query with { BestScore = .5 })] };
        var noNumber = day with { Queries = [day.Queries[0] with { BestScore = double.NaN }, .. day.Queries.Skip(1)] };
        var noVector = day with { Queries = [day.Queries[0] with { Vector = [float.NaN, .. day.Queries[0].Vector[1..]] }, .. day.Queries.Skip(1)] };
        var shorter = day with { Queries = [day.Queries[0] with { Vector = [1] }, .. day.Queries.Skip(1)] };

        Reason(day, Past, BaselineOf(same)).ShouldContain("half of its queries or more are equal");
        Reason(day, Past, BaselineOf(flat)).ShouldContain("constant or tied");
        Reason(noNumber, Past, Baseline).ShouldBe("2026-01-21 has 1 queries whose score or vector is not finite");
        Reason(noVector, Past, Baseline).ShouldContain("not finite");
        Reason(shorter, Past, Baseline).ShouldBe("2026-01-21 has a vector of 1 dimensions; the baseline's have 8");
        Reason(day, Enumerable.Repeat(noNumber, 20).Select((bad, number) => bad with { Day = bad.Day.AddDays(-1 - number) }), Baseline).ShouldStartWith("0 of 20");
        Should.Throw<ArgumentException>(() => QueryBaseline.Of([[1], [2]], [.1, double.NaN])).Message.ShouldContain("query 1");
        Should.Throw<ArgumentException>(() => QueryDrift.Judge(day, null, Past, Baseline, new() { Alpha = 2, Permutations = 0 })).Message.ShouldContain("permutations 0");
    }

    [Fact]
    public void Another_replay_of_the_same_day_shows_nothing()
    {
        var replayed = Day(0, seed: 5);
        var past = Enumerable.Range(0, 20).Select(number => replayed with { Day = replayed.Day.AddDays(number) }).ToList();

        QueryDrift.Judge(replayed with { Day = replayed.Day.AddDays(20) }, null, past, Baseline, Options).Verdict.ShouldBe(DriftVerdict.None);
    }

    [Fact]
    public void Independent_sessions_need_no_past_and_count_once_each()
    {
        var options = Options with { Independent = true };
        var day = Day(20, seed: 20, queries: 500);
        var inSessions = day with { Queries = [.. day.Queries.Select((query, i) => query with { Session = $"s{i / 2}" })] };

        QueryDrift.Judge(inSessions, null, [], Baseline, options).ShouldSatisfyAllConditions(
            result => result.Verdict.ShouldBe(DriftVerdict.None),
            result => result.Today!.Coverage.Queries.ShouldBe(250),
            result => result.Today!.Coverage.Statistic.ShouldBeNull(),
            result => result.PastDays.ShouldBe(0));
        QueryDrift.Judge(inSessions with { Queries = [.. inSessions.Queries.Take(300)] }, null, [], Baseline, options).Reason!.ShouldContain("150 sessions");
        QueryDrift.Judge(Day(20, 20, 500, uncovered: .2), Day(21, 21, 500, uncovered: .2), [], Baseline, options).Verdict.ShouldBe(DriftVerdict.Confirmed);
        QueryDrift.Judge(Day(20, 20, 500, moved: .5), Day(21, 21, 500, moved: .5), [], Baseline, options).Verdict.ShouldBe(DriftVerdict.Confirmed);
    }

    [Fact]
    public void Results_and_baselines_survive_storage()
    {
        var result = QueryDrift.Judge(Day(20, seed: 20, uncovered: .2), Day(21, seed: 21), Past, Baseline, Options);

        JsonSerializer.Deserialize<QueryDriftResult>(JsonSerializer.Serialize(result)).ShouldBe(result);
        var baseline = JsonSerializer.Deserialize<QueryBaseline>(JsonSerializer.Serialize(Baseline))!;
        QueryDrift.Judge(Day(20, seed: 20, uncovered: .2), Day(21, seed: 21), Past, baseline, Options).ShouldBe(result);
    }

    private static string Reason(DayOfQueries today, IEnumerable<DayOfQueries> past, QueryBaseline baseline)
    {
        var result = QueryDrift.Judge(today, null, [.. past], baseline, Options);
        result.Verdict.ShouldBe(DriftVerdict.InsufficientData);
        result.Today.ShouldBeNull();
        return result.Reason!;
    }

    private static QueryBaseline BaselineOf(DayOfQueries day) =>
        QueryBaseline.Of([.. day.Queries.Select(query => query.Vector)], [.. day.Queries.Select(query => query.BestScore)]);

    /// <summary>A day of independent queries around one centre; some with a low best score, some moved elsewhere.</summary>
    private static DayOfQueries Day(int number, int seed, int queries = 250, double uncovered = 0, double moved = 0)
    {
        var random = new Random(seed);
        return new(new DateOnly(2026, 1, 1).AddDays(number), [.. Enumerable.Range(0, queries).Select(_ =>
        {
            var shift = random.NextDouble() < moved ? .5f : 0;
            float[] vector = [.. Enumerable.Range(0, Dimensions).Select(axis => (float)random.NextDouble() + shift)];
            return new ObservedQuery(null, vector, random.NextDouble() < uncovered ? 0 : .5 + (.5 * random.NextDouble()));
        })]);
    }
}
