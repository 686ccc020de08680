using DriftGuard.Core.Rollouts.Shadow;
using DriftGuard.State;
using DriftGuard.Worker.Gateway.Traffic;

namespace DriftGuard.Worker.Shadow;

/// <summary>What this gateway has counted for a rollout and not written down for good.</summary>
/// <param name="RolloutId">The rollout.</param>
/// <param name="Minutes">All of the minutes that may still change, or have not been written.</param>
/// <param name="Queries">Queries that have not been written.</param>
internal sealed record ShadowEntries(string RolloutId, IReadOnlyDictionary<DateTimeOffset, ShadowFigures> Minutes, IReadOnlyList<ShadowQuery> Queries);

/// <summary>Counts what becomes of queries, by rollout and minute, until it is written down. Thread-safe.</summary>
/// <param name="keep">Queries that are kept of a rollout.</param>
/// <param name="time">The clock.</param>
internal sealed class ShadowLedger(int keep, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);

    /// <summary>Counts something, with the query where both have answered.</summary>
    public void Count(string rolloutId, Action<ShadowFigures> change, ShadowQuery? query = null)
    {
        lock (_lock)
        {
            if (!_accounts.TryGetValue(rolloutId, out var account))
            {
                _accounts.Add(rolloutId, account = new());
            }

            account.Changed = true;
            change(account.At(time.GetUtcNow()));
            if (query is not null)
            {
                account.Queries[query.Key] = account.Queries.TryGetValue(query.Key, out var earlier) ? query.After(earlier) : query;
                Bound(account);
            }
        }
    }

    /// <summary>Takes what is to be written; figures stay until they are <see cref="Written"/>, since the minute goes on.</summary>
    public IReadOnlyList<ShadowEntries> Take()
    {
        lock (_lock)
        {
            var entries = new List<ShadowEntries>();
            foreach (var (rolloutId, account) in _accounts.Where(account => account.Value.Changed))
            {
                entries.Add(new(rolloutId, account.Minutes.ToDictionary(minute => minute.Key, minute => Copy(minute.Value)), [.. account.Queries.Values]));
                account.Changed = false;
                account.Queries.Clear();
            }

            return entries;
        }
    }

    /// <summary>They are written: minutes that are over are forgotten.</summary>
    public void Written(ShadowEntries entries)
    {
        lock (_lock)
        {
            if (_accounts.TryGetValue(entries.RolloutId, out var account))
            {
                foreach (var minute in entries.Minutes.Keys.Where(minute => minute < account.Latest))
                {
                    account.Minutes.Remove(minute);
                }
            }
        }
    }

    /// <summary>They could not be written, and will be tried again.</summary>
    public void PutBack(ShadowEntries entries)
    {
        lock (_lock)
        {
            if (_accounts.TryGetValue(entries.RolloutId, out var account))
            {
                account.Changed = true;
                foreach (var query in entries.Queries)
                {
                    account.Queries[query.Key] = account.Queries.TryGetValue(query.Key, out var later) ? later.After(query) : query;
                }

                Bound(account);
            }
        }
    }

    /// <summary>The rollout has ended.</summary>
    public void Forget(string rolloutId)
    {
        lock (_lock)
        {
            _accounts.Remove(rolloutId);
        }
    }

    /// <summary>Those that differ least are not kept in the end either.</summary>
    private void Bound(Account account)
    {
        if (account.Queries.Count > 2 * keep)
        {
            foreach (var query in account.Queries.Values.OrderBy(query => query.Overlap).ThenBy(query => query.Key, StringComparer.Ordinal).Skip(keep).ToList())
            {
                account.Queries.Remove(query.Key);
            }
        }
    }

    private static ShadowFigures Copy(ShadowFigures figures)
    {
        var copy = new ShadowFigures();
        copy.Merge(figures);
        return copy;
    }

    private sealed class Account
    {
        // While the state cannot be reached the latest are kept, and no more.
        private const int MostMinutes = 1_000;

        public Dictionary<DateTimeOffset, ShadowFigures> Minutes { get; } = [];

        public Dictionary<string, ShadowQuery> Queries { get; } = new(StringComparer.Ordinal);

        public DateTimeOffset Latest { get; private set; }

        public bool Changed { get; set; }

        /// <summary>The figures of a minute; of the latest one where the clock was put back, since what is written and forgotten is not begun anew.</summary>
        public ShadowFigures At(DateTimeOffset now)
        {
            var minute = TrafficMinute.Of(now);
            Latest = minute > Latest ? minute : Latest;
            if (Minutes.TryGetValue(Latest, out var figures))
            {
                return figures;
            }

            if (Minutes.Count >= MostMinutes)
            {
                Minutes.Remove(Minutes.Keys.Min());
            }

            return Minutes[Latest] = new();
        }
    }
}
