namespace DriftGuard.Chaos.Tests.Scenarios;

public sealed class SmokeTests
{
    [Fact(Timeout = 300_000)]
    public async Task Smoke()
    {
        var outcome = (await ChaosRun.RunAsync(new ChaosPlan { Kills = 4, Changes = 2, Indexes = 1 }))[0];
        outcome.ShouldBeWhole();
        TestContext.Current.SendDiagnosticMessage(outcome.Report);
    }
}
