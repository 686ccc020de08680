using DriftGuard.Chaos.Tests.Faults;
using DriftGuard.Chaos.Tests.Oracle;
using DriftGuard.Core.Rollouts;

namespace DriftGuard.Chaos.Tests.Scenarios;

/// <summary>What came of a plan.</summary>
internal sealed record Outcome
{
    /// <summary>All of it, for people, with how to run it again.</summary>
    public required string Report { get; init; }

    public required Findings Findings { get; init; }

    public required int Kills { get; init; }

    public required int KillsOfQdrant { get; init; }

    public required IReadOnlyDictionary<RolloutPhase, int> KillsByPhase { get; init; }

    /// <summary>What rollouts and rollbacks promised of writes at their end.</summary>
    public required IReadOnlyList<string> Promises { get; init; }

    /// <summary>How often each fault between worker and Qdrant was met.</summary>
    public required IReadOnlyDictionary<Fault, int> Met { get; init; }

    /// <summary>How often each fault between worker and state was met.</summary>
    public required IReadOnlyDictionary<StateFault, int> StateMet { get; init; }

    /// <summary>Writes that were acknowledged, points that were compared, looks at the aliases and switches that these saw: what nothing was found in.</summary>
    public required (int Acknowledged, int Compared, int Looks, int Switches) Seen { get; init; }

    /// <summary>The times at which the worker says that things happened.</summary>
    public required IReadOnlyList<DateTimeOffset> Times { get; init; }

    /// <summary>Which of the plan's words a worker said.</summary>
    public required IReadOnlyList<string> WordsSaid { get; init; }

    public static async Task<Outcome> OfAsync(Installation installation, string report, CancellationToken cancellation)
    {
        var times = await Task.WhenAll(installation.Indexes.Select(index => index.TimesAsync(cancellation)));
        return new()
        {
            Report = report,
            Findings = installation.Findings,
            Kills = installation.Worker.Kills,
            KillsOfQdrant = installation.Qdrant.Kills,
            KillsByPhase = installation.KillsByPhase,
            Promises = [.. installation.Indexes.SelectMany(index => index.Promises)],
            Met = installation.Network.Met,
            StateMet = installation.State.Met,
            Seen = (
                installation.Indexes.Sum(index => index.Log.Acknowledged), installation.Indexes.Sum(index => index.Compared),
                installation.Aliases.Looks, installation.Aliases.Switches),
            Times = [.. times.SelectMany(time => time)],
            WordsSaid = [.. installation.Worker.Remember.Where(installation.Worker.HasSaid)],
        };
    }

    /// <summary>0 lost, 0 resurrected, 0 stale, 0 twice, one alias target at every instant, every rollout at its end, no promise broken.</summary>
    public void ShouldBeWhole()
    {
        Findings.Count.ShouldBe(0, Report);
        Seen.Acknowledged.ShouldBeGreaterThan(0, Report);
        Seen.Compared.ShouldBeGreaterThan(0, Report);
        Seen.Looks.ShouldBeGreaterThan(0, Report);
        Seen.Switches.ShouldBeGreaterThan(0, Report);
    }
}
