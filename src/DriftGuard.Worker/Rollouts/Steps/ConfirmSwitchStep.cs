using System.Globalization;
using DriftGuard.Core.Indexes;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Merging;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Rollouts.Cluster;
using DriftGuard.Worker.Rollouts.Copying;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>Confirms a switch by reading back alias, token and the collection's own fingerprint, and says what holds for writes meanwhile.</summary>
internal sealed class ConfirmSwitchStep(QdrantStore qdrant, PeerReader peers, ActivityMarker markers, TimeProvider time) : IRolloutStep
{
    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.ConfirmSwitch];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        var attempt = rollout.Switch!;
        var (collection, _, fingerprint) = rollout.Of(attempt.To);
        var serving = await qdrant.FindCollectionAsync(rollout.Index, cancellation);
        if (seen.IndexTarget != collection || serving is null
            || serving.Metadata.GetValueOrDefault(IndexMetadata.Fingerprint) is { } found && found != fingerprint)
        {
            throw new OperatorException(OperatorError.Conflict,
                $"after the switch '{rollout.Index}' should be served by {collection} with fingerprint {fingerprint[..8]}, "
                + $"but it reads {seen.IndexTarget ?? "nothing"} with {serving?.Metadata.GetValueOrDefault(IndexMetadata.Fingerprint) ?? "no fingerprint"}");
        }

        var now = time.GetUtcNow();
        var all = await peers.ReadAsync(collection, cancellation);
        var behind = all.Behind(attempt.Token, collection);
        if (all.Unknown is null && behind is not null && (now - attempt.At).Duration() < rollout.Settings.FenceLimit)
        {
            throw new OperatorException(OperatorError.Unavailable, $"the switch of '{rollout.Index}' to {collection} is not seen by every peer of Qdrant yet: {behind}");
        }

        return rollout with
        {
            Switch = attempt with { Outcome = SwitchOutcome.Applied },
            Serving = attempt.To,
            ExpectedToken = attempt.Token,
            CutOverAt = attempt.To == Side.Green ? now : rollout.CutOverAt,
            Merge = LateWriteMerge.After(rollout, attempt.To, now),
            PeersBehind = behind,
            PeersLookedAt = now,
            Guarantee = await GuaranteeAsync(rollout, attempt, behind, cancellation),
            WritesCarried = 0,
        };
    }

    private async Task<WriteGuarantee> GuaranteeAsync(Rollout rollout, SwitchAttempt attempt, string? behind, CancellationToken cancellation)
    {
        var (side, source) = attempt.To == Side.Green ? (Side.Blue, rollout.Blue) : (Side.Green, rollout.Green);
        var pass = rollout.LastPass is { } last && last.Source == side ? last : null;
        if (pass is { Parked: > 0 })
        {
            return new(false, string.Create(CultureInfo.InvariantCulture,
                $"best effort: {pass.Parked} text(s) of {source} could not be embedded by the other model and are only there: 'driftguard rollout status {rollout.Id}' lists them"));
        }

        if (behind is not null)
        {
            return new(false, $"best effort: not every peer of Qdrant has seen the switch, and one that has not serves, and takes writes to, {source}: {behind}");
        }

        return attempt.Found ? WriteGuarantees.Found(rollout, source)
            : rollout.Fence is { Kind: FenceKind.StrictMode } strict
            ? WriteGuarantees.UnderStrictMode(rollout, pass, strict, time.GetUtcNow())
            : WriteGuarantees.Of(rollout, pass, source, await markers.ForeignSinceAsync(source, pass?.Marker, cancellation));
    }
}
