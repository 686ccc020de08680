using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using DriftGuard.Dashboard.Asking;
using DriftGuard.Worker.Health;

namespace DriftGuard.Dashboard.Live;

/// <summary>
/// Tells a page when something changes that it was made from: what it read of the API is asked for again, and its entity tags are compared. An event says only that
/// there is something new, so nothing is lost by who comes late or comes back.
/// </summary>
internal sealed class LiveChanges(Draining draining, TimeProvider time)
{
    /// <summary>Pages that are followed at a time.</summary>
    public const int MostFollowed = 64;

    /// <summary>Addresses of the API of one page.</summary>
    public const int MostAddresses = 24;

    private const string Changed = "changed";
    private const string Beat = "beat";

    // A page that is made from much, as that of an index is, changes rarely.
    private const int Few = 8;

    private static readonly TimeSpan LookAgainAtFew = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookAgainAtMany = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan BeatAgain = TimeSpan.FromSeconds(15);

    private int _followed;

    /// <summary>Takes a place among those who follow; false if there is none.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _followed) <= MostFollowed)
        {
            return true;
        }

        Leave();
        return false;
    }

    /// <summary>Gives the place back.</summary>
    public void Leave() => Interlocked.Decrement(ref _followed);

    /// <summary>Follows what a page was made from.</summary>
    public async IAsyncEnumerable<SseItem<string>> FollowAsync(PageApi api, IReadOnlyList<AskedAnswer> asked, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var known = asked.ToDictionary(answer => answer.Address, answer => answer.Tag, StringComparer.Ordinal);
        yield return new("", Beat);
        for (var said = time.GetTimestamp(); !draining.Begun.IsCancellationRequested;)
        {
            if (await ChangedAsync(api, known))
            {
                said = time.GetTimestamp();
                yield return new("", Changed);
            }
            else if (time.GetElapsedTime(said) >= BeatAgain)
            {
                said = time.GetTimestamp();
                yield return new("", Beat);
            }

            await Task.Delay(known.Count <= Few ? LookAgainAtFew : LookAgainAtMany, time, cancellation);
        }
    }

    private static async Task<bool> ChangedAsync(PageApi api, Dictionary<string, string> known)
    {
        var changed = false;
        foreach (var (address, tag) in known.ToList())
        {
            var now = await TagAsync(api, address);
            changed |= now != tag;
            known[address] = now;
        }

        return changed;
    }

    /// <summary>What is refused now has changed as well: the page then says so.</summary>
    private static async Task<string> TagAsync(PageApi api, string address)
    {
        try
        {
            return await api.TagAsync(address);
        }
        catch (ApiRefusedException refused)
        {
            return $"status {refused.Status}";
        }
    }
}
