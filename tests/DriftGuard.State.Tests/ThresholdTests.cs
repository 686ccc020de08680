namespace DriftGuard.State.Tests;

public sealed class ThresholdOnSqliteTests() : ThresholdTests(StateKind.Sqlite);

public sealed class ThresholdOnPostgresTests() : ThresholdTests(StateKind.Postgres);

public abstract class ThresholdTests(StateKind kind) : StateFolder(kind)
{
    [Fact]
    public async Task The_newest_of_a_name_counts_and_the_others_are_kept()
    {
        await AddAsync(Threshold("default", .8), Threshold("duplicates", .95), Threshold("default", .7));

        var state = await OpenAsync();
        (await state.ThresholdsAsync("docs", "a", Cancellation)).Select(t => (t.Name, t.Value)).ShouldBe([("default", .7), ("duplicates", .95)]);
        (await state.ThresholdHistoryAsync("docs", Cancellation)).Select(t => t.Value).ShouldBe([.7, .95, .8]);
    }

    [Fact]
    public async Task A_threshold_belongs_to_one_index_and_one_model()
    {
        await AddAsync(Threshold("default", .8), Threshold("default", .9, fingerprint: "b"), Threshold("default", .6, index: "faq"));

        (await Store.ThresholdsAsync("docs", "a", Cancellation)).Single().Value.ShouldBe(.8);
        (await Store.ThresholdsAsync("docs", "b", Cancellation)).Single().Value.ShouldBe(.9);
        (await Store.ThresholdsAsync("docs", "c", Cancellation)).ShouldBeEmpty();
        (await Store.ThresholdHistoryAsync("docs", Cancellation)).Count.ShouldBe(2);
        (await Store.ThresholdHistoryAsync("faq", Cancellation)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task It_is_read_as_it_was_stored_to_the_last_digit()
    {
        var whole = new StoredThreshold("docs", "a", "default", .1 + .2, "conformal", true, .05, 1.0 / 3, 2.0 / 3, "pairs", int.MinValue, Noon, "{\"x\": 1}");
        var bare = whole with { Name = "bare", Value = -7.25, Alpha = null, Lower = null, Upper = null, Source = null, Seed = null, Provisional = false };
        await AddAsync(whole, bare);

        (await Store.ThresholdsAsync("docs", "a", Cancellation)).ShouldBe([bare, whole]);
    }

    [Fact]
    public async Task Storing_one_is_on_record()
    {
        await AddAsync(Threshold("default", .8));

        var entry = (await Store.AuditAsync("docs", Cancellation)).Single();
        (entry.Event, entry.Reason, entry.Message, entry.At).ShouldBe(("threshold_stored", "stated", "default is now 0.8", Noon));
    }

    private static StoredThreshold Threshold(string name, double value, string index = "docs", string fingerprint = "a") =>
        new(index, fingerprint, name, value, "stated", false, null, null, null, null, null, Noon, "{}");

    private async Task AddAsync(params IEnumerable<StoredThreshold> thresholds)
    {
        foreach (var threshold in thresholds)
        {
            await Store.AddThresholdAsync(threshold, FormattableString.Invariant($"{threshold.Name} is now {threshold.Value}"), Cancellation);
        }
    }
}
