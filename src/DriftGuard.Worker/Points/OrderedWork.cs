using System.Runtime.CompilerServices;

namespace DriftGuard.Worker.Points;

/// <summary>Work on a stream, several pieces at once, with results in the order of the stream.</summary>
public static class OrderedWork
{
    /// <summary>Does the work. With one piece at a time, the next begins when the result of this one has been taken.</summary>
    /// <param name="items">What is worked on; read no further ahead than pieces are under way.</param>
    /// <param name="work">The work on one piece.</param>
    /// <param name="atOnce">Pieces under way at once, 1 or more.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="Exception">Of the first piece, in the order of the stream, that failed; those behind it are cancelled and waited for.</exception>
    public static async IAsyncEnumerable<(TItem Item, TResult Result)> RunAsync<TItem, TResult>(
        IAsyncEnumerable<TItem> items,
        Func<TItem, CancellationToken, Task<TResult>> work,
        int atOnce,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var underWay = new Queue<(TItem Item, Task<TResult> Work)>();
        try
        {
            await foreach (var item in items.WithCancellation(cancellation))
            {
                underWay.Enqueue((item, work(item, abandon.Token)));
                if (underWay.Count >= atOnce)
                {
                    yield return await TakeAsync();
                }
            }

            while (underWay.Count > 0)
            {
                yield return await TakeAsync();
            }
        }
        finally
        {
            await abandon.CancelAsync();
            await ((Task)Task.WhenAll(underWay.Select(piece => piece.Work))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task<(TItem, TResult)> TakeAsync()
        {
            var (item, piece) = underWay.Peek();
            var result = await piece;
            underWay.Dequeue();
            return (item, result);
        }
    }
}
