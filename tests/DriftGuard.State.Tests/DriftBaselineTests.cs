namespace DriftGuard.State.Tests;

public sealed class DriftBaselineOnSqliteTests() : DriftBaselineTests(StateKind.Sqlite);

public sealed class DriftBaselineOnPostgresTests() : DriftBaselineTests(StateKind.Postgres);

public abstract class DriftBaselineTests(StateKind kind) : StateFolder(kind)
{
    [Fact]
    public async Task A_baseline_is_found_by_its_id()
    {
        var saved = Baseline("one", day: 0) with { Blob = VectorBlob.Write([1f, 2f]) };
        await Store.AddDriftBaselineAsync(saved, Cancellation);

        var read = await (await OpenAsync()).FindDriftBaselineAsync("one", Cancellation);

        (read! with { Blob = saved.Blob }).ShouldBe(saved);
        VectorBlob.Read(read.Blob).ShouldBe([1f, 2f]);
        (await Store.FindDriftBaselineAsync("two", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task The_latest_is_that_of_the_index_and_of_the_model_if_one_is_named()
    {
        await AddAsync(Baseline("a-old", day: 0), Baseline("a-new", day: 2), Baseline("b", day: 3, fingerprint: "b"), Baseline("other", day: 4, index: "faq"));

        (await Store.LatestDriftBaselineAsync("docs", "a", Cancellation))!.Id.ShouldBe("a-new");
        (await Store.LatestDriftBaselineAsync("docs", null, Cancellation))!.Id.ShouldBe("b");
        (await Store.LatestDriftBaselineAsync("docs", "c", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task They_are_listed_newest_first()
    {
        await AddAsync(Baseline("1", day: 1), Baseline("3", day: 3), Baseline("2", day: 2), Baseline("4", day: 4, index: "faq"));

        (await Store.ListDriftBaselinesAsync("docs", Cancellation)).Select(b => b.Id).ShouldBe(["3", "2", "1"]);
        (await Store.ListDriftBaselinesAsync(null, Cancellation)).Select(b => b.Id).ShouldBe(["4", "3", "2", "1"]);
    }

    [Fact]
    public async Task The_newest_of_each_index_and_model_outlive_pruning()
    {
        await AddAsync(
            Baseline("1", day: 1), Baseline("2", day: 2), Baseline("3", day: 3), Baseline("b", day: 0, fingerprint: "b"), Baseline("f", day: 0, index: "faq"));

        (await Store.PruneDriftBaselinesAsync(2, Cancellation)).ShouldBe(1);

        (await Store.ListDriftBaselinesAsync(null, Cancellation)).Select(b => b.Id).Order().ShouldBe(["2", "3", "b", "f"]);
    }

    [Fact]
    public async Task An_id_is_given_once()
    {
        await AddAsync(Baseline("1", day: 1));

        (await Should.ThrowAsync<StateException>(() => AddAsync(Baseline("1", day: 2)))).Message.ShouldContain("DriftBaselines");
    }

    private static StoredBaseline Baseline(string id, int day, string index = "docs", string fingerprint = "a") =>
        new(id, index, fingerprint, "docs-1", "requested", Noon.AddDays(day), "{}", []);

    private async Task AddAsync(params IEnumerable<StoredBaseline> baselines)
    {
        foreach (var baseline in baselines)
        {
            await Store.AddDriftBaselineAsync(baseline, Cancellation);
        }
    }
}
