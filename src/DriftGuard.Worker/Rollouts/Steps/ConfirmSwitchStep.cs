using System.Globalization;
using DriftGuard.Core.Indexes;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Merging;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Rollouts.Copying;

namespace DriftGuard.Worker.Rollouts.Steps;

/// <summary>Confirms a switch by reading back alias, token and the collection's own fingerprint, and says what holds for writes meanwhile.</summary>
internal sealed class ConfirmSwitchStep(QdrantStore qdrant, ActivityMarker markers, TimeProvider time) : IRolloutStep
{
    public IReadOnlyList<RolloutAction> Actions => [RolloutAction.ConfirmSwitch];

    public async Task<Rollout> RunAsync(RolloutObservation seen, CancellationToken cancellation)
    {
        var rollout = seen.Rollout;
        var attempt = rollout.Switch!;
        var (collection, fingerprint) = attempt.To == Side.Green
            ? (rollout.Green, rollout.ToFingerprint)
            : (rollout.Blue, rollout.FromFingerprint);
        var serving = await qdrant.FindCollectionAsync(rollout.Index, cancellation);
        if (seen.IndexTarget != collection || serving is null
            || serving.Metadata.GetValueOrDefault(IndexMetadata.Fingerprint) is { } found && found != fingerprint)
        {
            throw new OperatorException(OperatorError.Conflict,
                $"after the switch '{rollout.Index}' should be served by {collection} with fingerprint {fingerprint[..8]}, "
                + $"but it reads {seen.IndexTarget ?? "nothing"} with {serving?.Metadata.GetValueOrDefault(IndexMetadata.Fingerprint) ?? "no fingerprint"}");
        }

        var now = time.GetUtcNow();
        return rollout with
        {
            Switch = attempt with { Outcome = SwitchOutcome.Applied },
            Serving = attempt.To,
            ExpectedToken = attempt.Token,
            CutOverAt = attempt.To == Side.Green ? now : rollout.CutOverAt,
            Merge = LateWriteMerge.After(rollout, attempt.To, now),
            Guarantee = await GuaranteeAsync(rollout, attempt, cancellation),
            WritesCarried = 0,
        };
    }

    private async Task<WriteGuarantee> GuaranteeAsync(Rollout rollout, SwitchAttempt attempt, CancellationToken cancellation)
    {
        var (side, source, target) = attempt.To == Side.Green ? (Side.Blue, rollout.Blue, rollout.Green) : (Side.Green, rollout.Green, rollout.Blue);
        var pass = rollout.LastPass is { } last && last.Source == side ? last : null;
        if (pass is { Parked: > 0 })
        {
            return new(false, string.Create(CultureInfo.InvariantCulture,
                $"best effort: {pass.Parked} text(s) of {source} could not be embedded by the other model and are only there: 'driftguard rollout status {rollout.Id}' lists them"));
        }

        if (await qdrant.ClusterOfAsync(target, cancellation) is { Peers: > 1 and var peers })
        {
            return new(false, string.Create(CultureInfo.InvariantCulture,
                $"best effort: the switch is confirmed by the peer at {qdrant.Address}, one of {peers}; one that lags behind may serve, and take writes to, {source} for a while"));
        }

        return rollout.Fence is { Kind: FenceKind.StrictMode } strict
            ? WriteGuarantees.UnderStrictMode(rollout, pass, strict, time.GetUtcNow())
            : WriteGuarantees.Of(rollout, pass, source, await markers.ForeignSinceAsync(source, pass?.Marker, cancellation));
    }
}
