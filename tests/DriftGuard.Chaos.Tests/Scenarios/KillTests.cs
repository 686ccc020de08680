using System.Globalization;
using DriftGuard.Chaos.Tests.Processes;

namespace DriftGuard.Chaos.Tests.Scenarios;

/// <summary>Whatever the instant at which the worker dies, nothing is lost.</summary>
public sealed class KillTests
{
    private const string KillsVariable = "DRIFTGUARD_CHAOS_KILLS";
    private const int SideBySide = 2;

    // As many as somebody waits for; the continuous integration has 200.
    private const int UsualKills = 24;

    // Fewer may all meet a rollout in one phase.
    private const int KillsThatMeetAll = 200;

    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable(KillsVariable), CultureInfo.InvariantCulture, out var kills) ? kills : UsualKills;

    [Fact]
    public async Task Kills_at_random_instants_lose_nothing()
    {
        var first = new ChaosPlan { Indexes = 1, Kills = (Kills + SideBySide - 1) / SideBySide };
        var outcomes = await ChaosRun.RunAsync(Enumerable.Range(0, SideBySide).Select(i => first with { Seed = first.Seed + i }));

        foreach (var outcome in outcomes)
            outcome.ShouldBeWhole();
        outcomes.Sum(outcome => outcome.Kills).ShouldBeGreaterThanOrEqualTo(Kills);
        foreach (var phase in Kills < KillsThatMeetAll ? [] : KillInstant.PhasesToDieIn)
            outcomes.Sum(outcome => outcome.KillsByPhase.GetValueOrDefault(phase)).ShouldBeGreaterThan(0, string.Join("\n", outcomes.Select(outcome => $"{phase}: {outcome.Report}")));
    }
}
