using DriftGuard.Embedding.Inference;

namespace DriftGuard.Embedding.Tests.Inference;

public sealed class WorkQueueTests
{
    [Fact]
    public void A_search_goes_ahead_of_bulk_work_that_was_there_before_it()
    {
        using var queue = new WorkQueue();
        var (bulk, search) = (Piece(), Piece());
        queue.Add([bulk, bulk], interactive: false);
        queue.Add([search], interactive: true);

        new[] { queue.Take(), queue.Take(), queue.Take() }.ShouldBe([search, bulk, bulk]);
    }

    [Fact]
    public void Searches_without_end_let_one_piece_of_bulk_work_through_in_eight()
    {
        using var queue = new WorkQueue();
        var (bulk, search) = (Piece(), Piece());
        queue.Add([bulk, bulk], interactive: false);
        queue.Add([.. Enumerable.Repeat(search, 20)], interactive: true);

        var taken = Enumerable.Range(0, 22).Select(_ => queue.Take()).ToList();

        taken.IndexOf(bulk).ShouldBe(7);
        taken.LastIndexOf(bulk).ShouldBe(15);
    }

    [Fact]
    public void A_closed_queue_gives_back_what_nobody_did_and_lets_workers_go()
    {
        using var queue = new WorkQueue();
        var piece = Piece();
        queue.Add([piece], interactive: false);

        queue.Close(workers: 1, out var left).ShouldBeTrue();

        left.ShouldBe([piece]);
        queue.Take().ShouldBeNull();
        queue.Close(workers: 1, out _).ShouldBeFalse();
        Should.Throw<ObjectDisposedException>(() => queue.Add([piece], interactive: true));
    }

    private static Work Piece() => new(new(1, CancellationToken.None), _ => { });
}
