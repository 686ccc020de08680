using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Queries;
using DriftGuard.Testing.Drift;

namespace DriftGuard.Worker.Tests.Drift.Simulations;

/// <summary>False alarms of the query detector at its default settings, on days with and without topics of their own.</summary>
[Collection(SimulationsAlone.Name)]
public class QueryDetectorSimulations
{
    private const int PastDays = 20;

    private static readonly Lazy<Task<Traffic>> Shared = new(async () =>
    {
        var served = await RealEmbeddings.RequestsAsync();
        return new Traffic(served.Usual, served.OutOfScope, 1_000);
    });

    [Theory]
    [InlineData("a few topics a day")]
    [InlineData("sessions of one topic")]
    [InlineData("any")]
    public async Task Days_without_drift_are_rarely_suspected_and_hardly_ever_confirmed(string kind)
    {
        var traffic = await Shared.Value;
        var confirmed = 0;

        var suspected = Trials.In(Trials.Count, (trial, random) =>
        {
            var verdict = Judge(traffic, kind, trial, random, foreign: null).Verdict;
            if (verdict == DriftVerdict.Confirmed)
                Interlocked.Increment(ref confirmed);
            return verdict != DriftVerdict.None;
        });

        TestContext.Current.TestOutputHelper!.WriteLine($"suspected {suspected}, confirmed {confirmed} of {Trials.Count}");
        suspected.ShouldBeLessThanOrEqualTo(50);
        confirmed.ShouldBeLessThanOrEqualTo(10);
    }

    [Fact]
    public async Task A_tenth_of_foreign_queries_is_suspected_where_a_day_has_all_topics()
    {
        var served = await RealEmbeddings.RequestsAsync();
        var traffic = await Shared.Value;

        var suspected = Trials.In(100, (trial, random) => Judge(traffic, "any", trial, random, served.OutOfScope).Verdict != DriftVerdict.None);

        TestContext.Current.TestOutputHelper!.WriteLine($"suspected {suspected} of 100");
        suspected.ShouldBeGreaterThanOrEqualTo(60);
    }

    private static QueryDriftResult Judge(Traffic traffic, string kind, int trial, Random random, IReadOnlyList<ServedText>? foreign)
    {
        var past = Enumerable.Range(0, PastDays).Select(number => Traffic.Day(number, Usual())).ToList();
        var options = new QueryDriftOptions { Seed = trial };
        return QueryDrift.Judge(Traffic.Day(PastDays, Now()), Traffic.Day(PastDays + 1, Now()), past, traffic.Baseline, options, traffic.KernelOf);

        IReadOnlyList<ServedText> Now() => foreign is null ? Usual() : Traffic.Replaced(Usual(), foreign, .1, random);

        IReadOnlyList<ServedText> Usual() => kind switch
        {
            "a few topics a day" => traffic.DayOfTopics(5, 200, random),
            "sessions of one topic" => traffic.DayOfSessions(40, 5, random),
            _ => Traffic.Draw(traffic.Usual, 200, random),
        };
    }
}
