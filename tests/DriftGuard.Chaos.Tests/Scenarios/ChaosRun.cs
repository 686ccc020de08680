namespace DriftGuard.Chaos.Tests.Scenarios;

/// <summary>Runs plans and says what came of them.</summary>
internal static class ChaosRun
{
    /// <summary>Protection against hanging, no measure of anything.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(40);

    /// <summary>Runs installations side by side.</summary>
    /// <returns>Each, with its findings.</returns>
    public static async Task<IReadOnlyList<Outcome>> RunAsync(params IEnumerable<ChaosPlan> plans) => await Task.WhenAll(plans.Select(RunAsync));

    /// <summary>Runs one installation.</summary>
    public static async Task<Outcome> OneAsync(ChaosPlan plan) => (await RunAsync([plan])).Single();

    private static async Task<Outcome> RunAsync(ChaosPlan plan)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(LongestRun);
        TestContext.Current.SendDiagnosticMessage($"{TestContext.Current.TestMethod?.MethodName} begins: {plan.Replay}");
        await using var installation = await Installation.StartAsync(plan, patience.Token);
        try
        {
            await installation.RunAsync(patience.Token);
            var report = await installation.ReportAsync();
            TestContext.Current.SendDiagnosticMessage($"{TestContext.Current.TestMethod?.MethodName}: {report}");
            return await Outcome.OfAsync(installation, report, patience.Token);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{failure.Message}\n{await installation.ReportAsync()}\nthe worker said:\n{installation.Worker.Said}", failure);
        }
    }
}
