namespace DriftGuard.State.Tests;

public sealed class EnrolmentOnSqliteTests() : EnrolmentTests(StateKind.Sqlite);

public sealed class EnrolmentOnPostgresTests() : EnrolmentTests(StateKind.Postgres);

public abstract class EnrolmentTests(StateKind kind) : StateFolder(kind)
{
    [Fact]
    public async Task An_enrolment_is_read_by_another_process()
    {
        var saved = new StoredEnrolment("fp", Noon, 2, "{}", VectorBlob.Write([1f, -2.5f]));
        await Store.SaveEnrolmentAsync(saved, Cancellation);

        var read = await (await OpenAsync()).FindEnrolmentAsync("fp", Cancellation);

        (read! with { Vectors = saved.Vectors }).ShouldBe(saved);
        read.Vectors.ShouldBe(saved.Vectors);
        (await Store.FindEnrolmentAsync("other", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_second_enrolment_takes_the_place_of_the_first()
    {
        await Store.SaveEnrolmentAsync(new("b", Noon, 1, "{}", [1]), Cancellation);
        await Store.SaveEnrolmentAsync(new("a", Noon, 1, "{}", [2]), Cancellation);
        await (await OpenAsync()).SaveEnrolmentAsync(new("b", Noon.AddDays(1), 2, "[]", [3]), Cancellation);

        var all = await Store.ListEnrolmentsAsync(Cancellation);

        all.Select(e => (e.Fingerprint, e.At, e.ProbeVersion, e.Json, e.Vectors[0])).ShouldBe([("a", Noon, 1, "{}", (byte)2), ("b", Noon.AddDays(1), 2, "[]", (byte)3)]);
    }

    [Fact]
    public async Task Processes_that_enrol_a_model_at_the_same_time_leave_one_enrolment_whole()
    {
        var other = await OpenAsync();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() =>
            (i % 2 == 0 ? Store : other).SaveEnrolmentAsync(new("fp", Noon, i, $"{i}", [(byte)i]), Cancellation))));

        var left = (await Store.ListEnrolmentsAsync(Cancellation)).ShouldHaveSingleItem();
        (left.Json, left.Vectors).ShouldSatisfyAllConditions(
            l => l.Json.ShouldBe($"{left.ProbeVersion}"),
            l => l.Vectors.ShouldBe([(byte)left.ProbeVersion]));
    }
}
