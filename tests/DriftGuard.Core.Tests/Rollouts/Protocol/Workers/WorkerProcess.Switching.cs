using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Merging;
using DriftGuard.Core.Tests.Rollouts.Protocol.Histories;
using DriftGuard.Core.Tests.Rollouts.Protocol.Qdrant;

namespace DriftGuard.Core.Tests.Rollouts.Protocol.Workers;

/// <summary>Fence, switch, and what comes after it.</summary>
internal sealed partial class WorkerProcess
{
    /// <summary>What a nonce is that is not random.</summary>
    private const string Reused = "same";

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);

    private IEnumerable<Call> RaiseFence(RolloutObservation seen)
    {
        var fence = after.Fence is not { } recorded ? WriteFence.New(RolloutDecider.FenceKindOf(seen)!.Value, seen.IndexTarget!, world.Now)
            : seen.Fence.HeldBy == recorded.Nonce ? recorded
            : recorded with { RaisedAt = world.Now };
        fence = Is(Mutation.FenceNonceReused) ? fence with { Nonce = Reused } : fence;
        var rollout = after with { Fence = fence, FenceMayRiseUntil = WriteFence.MayRiseUntil(world.Now) };
        var began = world.Now;
        yield return Save(rollout);
        after = rollout;
        if (!Is(Mutation.FenceLeftOut) && !Is(Mutation.FenceWithoutAHold))
        {
            var hold = new Call<Done>(CallKind.State, "hold writes through DriftGuard", () => world.State.Outbox.Hold(fence.Nonce)) { MayBeMissing = true };
            yield return hold;
            if (hold.Failure == Failure.NotFound || world.State.Outbox.IsUnderWay(world.Now))
            {
                yield break;
            }
        }

        if (!Is(Mutation.FenceLeftOut) && fence.Kind == FenceKind.Alias && world.Now - began <= WriteFence.RaisedWithin)
        {
            yield return Change("raise the fence", AliasMoves.RaiseFence(rollout.Index, fence), mayBeMissing: true);
        }
    }

    private IEnumerable<Call> LowerFence(RolloutObservation seen)
    {
        var rollout = after;
        var lowered = rollout.Reason == RolloutReason.FenceTooLong ? Later(rollout, seen.Requests.Latest) : rollout with { Fence = null };
        if (!Is(Mutation.FenceLoweredUnrecorded))
        {
            yield return Save(lowered);
        }

        var writable = seen.Fence.WriteTarget is not null;
        foreach (var nonce in seen.Fence.Aliases.Keys)
        {
            var moves = AliasMoves.LowerFence(rollout.Index, nonce, writable);
            yield return Change("lower the fence", Is(Mutation.FenceLoweredOntoTheOldSide)
                ? [.. moves, new AliasMove.Point(WriteFence.WriteAlias(rollout.Index), rollout.Blue)]
                : moves, mayBeMissing: true);
            writable = true;
        }

        if (seen.Fence.SyncAlias)
        {
            yield return Change("drop the fence's second alias", [new AliasMove.Drop(WriteFence.SyncAlias(rollout.Index))]);
        }

        if (seen.Fence.HeldBy is { } holding)
        {
            yield return new Call<Done>(CallKind.State, "let writes through DriftGuard go on", () => world.State.Outbox.Release(holding));
        }

        after = lowered;
    }

    private Rollout Later(Rollout rollout, long request) => rollout with
    {
        Fence = null,
        FencesLowered = rollout.FencesLowered + 1,
        FenceLoweredAfterRequest = request,
        FenceAgainAt = world.Now + (FirstPause * Math.Pow(2, Math.Min(rollout.FencesLowered, 4))),
    };

    private IEnumerable<Call> Switch(RolloutObservation seen)
    {
        var rollout = after;
        if (rollout.Switch is not { Outcome: SwitchOutcome.Unknown } && rollout.LastPass is { Marker: { } since } pass
            && (rollout.Fence is not null || pass.Round < RolloutDecider.MaxPassesWithoutFence) && !Is(Mutation.RollbackWithoutFinalPass))
        {
            var marker = Marker(pass.Source == Side.Blue ? rollout.Blue : rollout.Green, flush: !Is(Mutation.WritesUnderWayNotFlushed));
            yield return marker;
            rollout = rollout with { LastPass = pass with { Marker = Counted(marker), Disturbed = Foreign(since, marker.Answer.Number) } };
            if (rollout.LastPass.Disturbed > 0)
            {
                after = rollout;
                yield break;
            }
        }

        var attempt = SwitchAttempt.Next(seen with { Rollout = rollout }, world.Now);
        attempt = Is(Mutation.TokenNonceReused) && !attempt.Repairs ? attempt with { Token = attempt.Token with { Nonce = Reused } }
            : Is(Mutation.SwitchWithoutToken) ? attempt with { Token = attempt.From }
            : attempt;
        rollout = rollout with { Switch = attempt };
        if (!Is(Mutation.SwitchUnrecorded))
        {
            yield return Save(rollout);
        }

        var moves = AliasMoves.Switch(attempt, seen with { Rollout = rollout, Fence = fenceFound });
        yield return Change($"switch to {attempt.To}", Is(Mutation.SwitchWithoutToken) ? [.. moves.Skip(1)] : moves, attempt, mayBeMissing: true);
        after = rollout;
    }

    private IEnumerable<Call> SettleSwitch(RolloutObservation seen)
    {
        var rollout = after;
        var attempt = rollout.Switch!;
        var abort = attempt.From.Abort();
        if (Is(Mutation.SettledByReadBack))
        {
            after = rollout with { Switch = attempt with { Outcome = SwitchOutcome.Aborted } };
            yield break;
        }

        if (seen.Token!.Token != abort)
        {
            var settle = Change("settle the switch", AliasMoves.Abort(attempt), mayBeMissing: true);
            yield return settle;
            if (settle.Failure == Failure.NotFound)
            {
                yield break;
            }
        }

        after = rollout with { Switch = attempt with { Outcome = SwitchOutcome.Aborted }, ExpectedToken = abort };
    }

    private IEnumerable<Call> ConfirmSwitch(RolloutObservation seen)
    {
        var rollout = after;
        var attempt = rollout.Switch!;
        var (source, target) = attempt.To == Side.Green ? (rollout.Blue, rollout.Green) : (rollout.Green, rollout.Blue);
        var served = Exists(target);
        yield return served;
        if (seen.IndexTarget != target || served.Answer != "yes")
        {
            // An error for people, and tried again.
            yield return Wait(TimeSpan.FromSeconds(1));
            yield break;
        }

        var other = AliasesOfTheOtherPeer();
        yield return other;
        var behind = Behind(other.Answer, attempt.Token, target);
        if (behind is not null && (world.Now - attempt.At).Duration() < rollout.Settings.FenceLimit)
        {
            // The same.
            yield return Wait(TimeSpan.FromSeconds(1));
            yield break;
        }

        var pass = rollout.LastPass is { } last && last.Source != attempt.To ? last : null;
        var marker = Marker(source);
        yield return marker;
        var foreign = pass?.Marker is { } since ? Foreign(since, marker.Answer.Number) : (ulong?)null;
        var guarantee = behind is not null
            ? new WriteGuarantee(false, $"best effort: {behind}")
            : WriteGuarantees.Of(rollout, pass, source, Is(Mutation.FenceLeftOut) ? 0 : foreign);
        if (Is(Mutation.ForwardPassAfterTheSwitch))
        {
            foreach (var call in CatchUp(seen with { Rollout = rollout }))
            {
                yield return call;
            }
        }

        after = rollout with
        {
            Switch = attempt with { Outcome = SwitchOutcome.Applied },
            Serving = attempt.To,
            ExpectedToken = attempt.Token,
            CutOverAt = attempt.To == Side.Green ? world.Now : rollout.CutOverAt,
            Merge = LateWriteMerge.After(rollout, attempt.To, world.Now),
            PeersBehind = behind,
            PeersLookedAt = world.Now,
            Guarantee = guarantee,
            WritesCarried = 0,
        };
    }

    private IEnumerable<Call> ConfirmPeers()
    {
        var rollout = after;
        var other = AliasesOfTheOtherPeer();
        yield return other;
        after = rollout with { PeersBehind = Behind(other.Answer, rollout.ExpectedToken, rollout.Served().Collection), PeersLookedAt = world.Now };
    }

    private string? Behind(IReadOnlyDictionary<string, string> aliases, EpochToken token, string collection) =>
        Is(Mutation.PeersNotAsked) || AliasMoves.AreAfter(token, collection, aliases)
            ? null
            : $"the other peer has {token.Index} on {aliases.GetValueOrDefault(token.Index)}";

    private IEnumerable<Call> RemoveCollection(RolloutObservation seen)
    {
        var rollout = after;
        var retiring = rollout.EndedAt is not null;
        var collection = retiring ? rollout.Retired : rollout.Green;
        if (!Is(Mutation.RetiredWithoutReadingAliases))
        {
            var aliases = Aliases();
            yield return aliases;
            if (aliases.Answer.Values.Contains(collection, StringComparer.Ordinal))
            {
                // An error for people, and tried again.
                yield return Wait(TimeSpan.FromSeconds(1));
                yield break;
            }
        }

        if (retiring && !Is(Mutation.PeersNotAsked))
        {
            var other = AliasesOfTheOtherPeer();
            yield return other;
            if (other.Answer.Values.Contains(collection, StringComparer.Ordinal))
            {
                // The same.
                yield return Wait(TimeSpan.FromSeconds(1));
                yield break;
            }
        }

        if (retiring && !rollout.Retiring)
        {
            rollout = rollout with { Retiring = true };
            yield return Save(rollout);
        }

        var lookedAt = AliasesReadAt;
        yield return new Call<Done>(CallKind.Collections, $"delete {collection}", () => world.Qdrant.Delete(collection, lookedAt) ? new(0) : null) { MayBeMissing = true };
        var left = Aliases();
        yield return left;
        if (AliasMoves.Restore(rollout.Index, seen.Fence.HasWriteAlias, left.Answer) is { Count: > 0 } moves)
        {
            yield return Change("point the index' aliases to what serves", moves);
        }

        after = retiring ? rollout with { RetiredAt = world.Now } : rollout;
    }

    /// <summary>What a rule that is left out makes of a decision.</summary>
    private RolloutDecision Mutated(RolloutObservation seen, RolloutDecision decision) => decision.Action switch
    {
        RolloutAction.RunReversePass when Is(Mutation.RollbackWithoutFinalPass) => decision with { Action = RolloutAction.SwitchToBlue },
        _ => decision,
    };

    private static ulong Foreign(ulong earlier, ulong later) => later > earlier ? later - earlier - 1 : 0;

    private Call<Done> Change(string what, IReadOnlyList<AliasMove> moves, SwitchAttempt? attempt = null, bool mayBeMissing = false)
    {
        Call<Done>? call = null;
        call = new(CallKind.Aliases, what, () => world.Change(call!, moves) ? new(0) : null) { Moves = moves, Switch = attempt, MayBeMissing = mayBeMissing };
        return call;
    }
}
