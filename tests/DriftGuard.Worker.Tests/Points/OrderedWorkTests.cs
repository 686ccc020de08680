using DriftGuard.Worker.Points;

namespace DriftGuard.Worker.Tests.Points;

public sealed class OrderedWorkTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task Results_come_in_the_order_of_the_items_however_they_end(int atOnce)
    {
        var random = new Random(5);
        var turns = Enumerable.Range(0, 40).Select(_ => random.Next(4)).ToArray();

        var results = await OrderedWork.RunAsync(Items(40), async (item, _) =>
        {
            for (var turn = 0; turn < turns[item]; turn++)
                await Task.Yield();
            return item * 2;
        }, atOnce).ToListAsync();

        results.ShouldBe(Enumerable.Range(0, 40).Select(i => (i, i * 2)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task As_many_pieces_are_under_way_as_may_be_and_no_more(int atOnce)
    {
        var pieces = new List<TaskCompletionSource<int>>();
        await using var results = OrderedWork.RunAsync(Items(10), (_, _) =>
        {
            pieces.Add(new());
            return pieces[^1].Task;
        }, atOnce).GetAsyncEnumerator();

        for (var i = 0; i < 10; i++)
        {
            var next = results.MoveNextAsync();
            pieces.Count.ShouldBe(Math.Min(10, i + atOnce));
            next.IsCompleted.ShouldBeFalse();
            pieces[i].SetResult(i);
            (await next).ShouldBeTrue();
            results.Current.ShouldBe((i, i));
        }

        (await results.MoveNextAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task The_first_failure_in_order_is_thrown_and_what_is_behind_it_is_cancelled_and_waited_for()
    {
        var ended = 0;
        var taken = new List<int>();

        var failure = await Should.ThrowAsync<InvalidOperationException>(async () =>
        {
            await foreach (var (item, _) in OrderedWork.RunAsync(Items(10), WorkAsync, atOnce: 4))
                taken.Add(item);
        });

        failure.Message.ShouldBe("item 2");
        taken.ShouldBe([0, 1]);
        ended.ShouldBe(3);

        async Task<int> WorkAsync(int item, CancellationToken cancellation)
        {
            if (item == 2)
                throw new InvalidOperationException("item 2");
            if (item < 2)
                return item;
            try
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            finally
            {
                Interlocked.Increment(ref ended);
            }

            return item;
        }
    }

    [Fact]
    public async Task Who_stops_taking_leaves_nothing_behind()
    {
        var ended = 0;
        await foreach (var (item, _) in OrderedWork.RunAsync(Items(10), WorkAsync, atOnce: 3))
        {
            item.ShouldBe(0);
            break;
        }

        ended.ShouldBe(2);

        async Task<int> WorkAsync(int item, CancellationToken cancellation)
        {
            if (item == 0)
                return item;
            try
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            finally
            {
                Interlocked.Increment(ref ended);
            }

            return item;
        }
    }

    private static async IAsyncEnumerable<int> Items(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.CompletedTask;
            yield return i;
        }
    }
}
