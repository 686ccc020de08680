using System.Collections.Frozen;
using System.Threading.Channels;
using DriftGuard.Core.Retrieval;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Shadow;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Gateway.Routing;

namespace DriftGuard.Worker.Shadow;

/// <summary>A rollout whose green answers live queries.</summary>
/// <param name="RolloutId">The rollout.</param>
/// <param name="Blue">The collection that serves.</param>
/// <param name="Green">The collection that answers as well.</param>
/// <param name="IsIndexed">Whether its times can be compared with blue's.</param>
internal sealed record ShadowTarget(string RolloutId, RolloutSide Blue, RolloutSide Green, bool IsIndexed);

/// <summary>A query that blue has answered and green is to answer.</summary>
/// <param name="Target">Who is to answer.</param>
/// <param name="Index">The index.</param>
/// <param name="Token">The token of the index when blue answered.</param>
/// <param name="Text">What was searched for.</param>
/// <param name="Query">How blue was searched, with its vector.</param>
/// <param name="Blue">The beginning of blue's answer.</param>
/// <param name="Took">How long blue took to embed and search.</param>
internal sealed record ShadowedSearch(
    ShadowTarget Target, string Index, EpochToken Token, string Text, NearestQuery Query, IReadOnlyList<AnsweredPoint> Blue, TimeSpan Took);

/// <summary>
/// Where the gateway leaves queries that it has answered, for green to answer some of them as well. Whoever leaves one waits for nothing: there is
/// room for so many, and the others are counted and dropped.
/// </summary>
internal sealed class ShadowTraffic
{
    /// <summary>Characters of a text that is kept to be answered again: what waits is to be small.</summary>
    private const int LongestText = 16_384;

    private readonly ShadowSample _sample;
    private readonly ShadowLedger _ledger;
    private readonly Channel<ShadowedSearch> _waiting;
    private volatile FrozenDictionary<string, ShadowTarget> _targets = FrozenDictionary<string, ShadowTarget>.Empty;

    public ShadowTraffic(DriftGuardOptions options, ShadowSample sample, ShadowLedger ledger)
    {
        (_sample, _ledger) = (sample, ledger);
        _waiting = Channel.CreateBounded<ShadowedSearch>(new BoundedChannelOptions(options.Gateway.Shadow.Queue) { SingleReader = true });
    }

    /// <summary>Whether anything is answered twice.</summary>
    public bool IsOn => !_sample.IsEmpty;

    /// <summary>What waits to be answered.</summary>
    public ChannelReader<ShadowedSearch> Waiting => _waiting.Reader;

    /// <summary>The first results of an answer, as they are compared.</summary>
    public static IReadOnlyList<AnsweredPoint> Beginning(IReadOnlyList<ScoredHit> hits) =>
        [.. hits.Take(ShadowFigures.Depth).Select(hit => new AnsweredPoint(hit.Id.ToString(), hit.Score))];

    /// <summary>Takes notice of the rollouts that are under way.</summary>
    public void Follow(IReadOnlyList<Rollout> rollouts) => _targets = rollouts
        .Select(rollout => (Rollout: rollout, Readiness: ShadowRules.Of(rollout)))
        .Where(seen => seen.Readiness != ShadowReadiness.None)
        .ToFrozenDictionary(
            seen => seen.Rollout.Index,
            seen => new ShadowTarget(seen.Rollout.Id, seen.Rollout.Of(Side.Blue), seen.Rollout.Of(Side.Green), seen.Readiness == ShadowReadiness.Indexed),
            StringComparer.Ordinal);

    /// <summary>Who is to answer queries of an index as well; null where nobody is.</summary>
    public ShadowTarget? TargetOf(string index) => _targets.GetValueOrDefault(index);

    /// <summary>Counts a search that was answered, and picks some.</summary>
    /// <param name="route">By which it was answered.</param>
    /// <param name="text">What was searched for; null where a vector was.</param>
    /// <param name="query">How, with the vector.</param>
    /// <param name="hits">What was found.</param>
    /// <param name="took">How long it took to embed and search.</param>
    /// <returns>What is left to be answered by green, for <see cref="Leave"/>; null where it is not.</returns>
    public ShadowedSearch? Pick(IndexRoute route, string? text, NearestQuery query, IReadOnlyList<ScoredHit> hits, TimeSpan took)
    {
        var index = route.Definition.Name;
        if (!IsOn || TargetOf(index) is not { } target || target.Blue.Collection != route.Collection || target.Blue.Fingerprint != route.Fingerprint)
        {
            return null;
        }

        if (text is null)
        {
            _ledger.Count(target.RolloutId, figures => figures.NotComparable++);
            return null;
        }

        _ledger.Count(target.RolloutId, figures => figures.Texts++);
        return _sample.Picks() ? new(target, index, route.Serving.Token, text, query, Beginning(hits), took) : null;
    }

    /// <summary>Leaves a query to be answered by green, if there is room.</summary>
    public void Leave(ShadowedSearch search)
    {
        if (search.Text.Length > LongestText || !_waiting.Writer.TryWrite(search))
        {
            _ledger.Count(search.Target.RolloutId, figures => figures.Dropped++);
        }
    }
}
