using DriftGuard.State;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Drift.Scheduling;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DriftGuard.Worker.Tests.Drift.Scheduling;

public sealed class DriftRetentionTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 4, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Day = DateOnly.FromDateTime(Start.UtcDateTime);

    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-retention-").FullName;
    private readonly FakeTimeProvider clock = new(Start);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task What_is_older_than_the_configuration_says_is_deleted()
    {
        var options = new DriftOptions { ReportRetention = TimeSpan.FromDays(2), KeepBaselines = 1, Queries = new() { Days = 2 } };
        var state = await OpenAsync();
        for (var day = 0; day < 3; day++)
        {
            await state.AddDriftReportAsync(new($"{day}", "docs", clock.GetUtcNow(), "schedule", "failed", "none", "{}", []), Cancellation);
            await state.AddDriftBaselineAsync(new($"{day}", "docs", "fp", "docs-1", "requested", clock.GetUtcNow(), "{}", []), Cancellation);
            await state.AddDriftUsageAsync("provider", DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), 1, Cancellation);
            await state.AddQueriesAsync("docs", [new() { Key = $"{day}", Fingerprint = "fp", At = clock.GetUtcNow(), Vector = [1] }], new(10, 9, 1), Cancellation);
            clock.Advance(TimeSpan.FromDays(1));
        }

        await new DriftRetention(state, new() { Drift = options }, clock, NullLogger<DriftRetention>.Instance).PruneAsync(Cancellation);

        (await state.ListDriftReportsAsync("docs", 9, null, Cancellation)).Select(r => r.Id).ShouldBe(["2", "1"]);
        (await state.ListDriftBaselinesAsync("docs", Cancellation)).Select(b => b.Id).ShouldBe(["2"]);
        (await state.QueryDaysAsync("docs", Cancellation)).Select(d => d.Day).ShouldBe([Day.AddDays(2)]);
        (await state.DriftUsageAsync("provider", Day, Cancellation)).ShouldBe(0);
        (await state.DriftUsageAsync("provider", Day.AddDays(1), Cancellation)).ShouldBe(1);
    }

    [Fact]
    public async Task A_state_that_cannot_be_written_does_not_end_the_worker()
    {
        var state = await OpenAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);

        await Should.NotThrowAsync(() => new DriftRetention(state, new(), clock, NullLogger<DriftRetention>.Instance).PruneAsync(Cancellation));
    }

    private Task<StateStore> OpenAsync() => StateStore.OpenAsync(Path.Join(folder, "state.db"), clock, Cancellation);
}
