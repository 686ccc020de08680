namespace DriftGuard.Chaos.Tests.Scenarios;

/// <summary>Runs plans and says what came of them.</summary>
internal static class ChaosRun
{
    /// <summary>Runs installations side by side.</summary>
    /// <returns>Each, with its findings; not disposed of.</returns>
    public static async Task<IReadOnlyList<Outcome>> RunAsync(params IEnumerable<ChaosPlan> plans) => await Task.WhenAll(plans.Select(RunAsync));

    private static async Task<Outcome> RunAsync(ChaosPlan plan)
    {
        var cancellation = TestContext.Current.CancellationToken;
        TestContext.Current.SendDiagnosticMessage($"chaos begins: {plan.Replay}");
        await using var installation = await Installation.StartAsync(plan, cancellation);
        try
        {
            await installation.RunAsync(cancellation);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{failure.Message}\n{await installation.ReportAsync()}\nthe worker said:\n{installation.Worker.Said}", failure);
        }

        var report = await installation.ReportAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(report);
        return new(
            report, installation.Findings, installation.Worker.Kills, installation.Indexes.Sum(index => index.Changes),
            [.. installation.Indexes.SelectMany(index => index.Promises)], installation.Network.Met, installation.Worker.Said);
    }
}

/// <summary>What came of a plan.</summary>
internal sealed record Outcome(
    string Report, Oracle.Findings Findings, int Kills, int Changes, IReadOnlyList<string> Promises, IReadOnlyDictionary<Faults.Fault, int> Met, string WorkerSaid)
{
    /// <summary>0 lost, 0 resurrected, 0 stale, 0 twice, one alias target at every instant, every rollout at its end, no promise broken.</summary>
    public void ShouldBeWhole() => Findings.Count.ShouldBe(0, Report);
}
