using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Tests.Rollouts.Protocol.Qdrant;

namespace DriftGuard.Core.Tests.Rollouts.Protocol;

/// <summary>The ten invariants, each at its moment.</summary>
internal sealed partial class ProtocolWorld
{
    private readonly HashSet<long> epochs = [];
    private readonly HashSet<EpochToken> aborted = [];
    private Call? applying;
    private bool excused;

    /// <summary>5: alias and token apart, the rollout stands still. It finishes a switch of its own.</summary>
    public void Decided(RolloutObservation seen, RolloutDecision decision)
    {
        Tell($"decides: {decision.Phase} {decision.Action} ({decision.Reason})");
        var ours = seen.Rollout.Switch is { Outcome: SwitchOutcome.Unknown } attempt
            && (seen.Token?.Token == attempt.Token || (attempt.Repairs && seen.Token?.Token == attempt.From));
        var apart = seen.IndexTarget != seen.Token?.Target && !ours && seen.Rollout.EndedAt is null;
        if (apart && decision.Action is not (RolloutAction.Wait or RolloutAction.LowerFence) && decision.Reason != RolloutReason.AbortRequested)
        {
            throw new InvariantViolation(5, $"alias and token are apart, and the rollout goes on with {decision.Action}");
        }
    }

    /// <summary>After each action of an alias change.</summary>
    private void Moved(AliasMove move)
    {
        if (move is AliasMove.Rename(_, var to) && EpochToken.Parse(Index, to) is { } token && !epochs.Add(token.Epoch))
        {
            throw new InvariantViolation(5, $"epoch {token.Epoch} has a second winner");
        }

        if (move is AliasMove.Point { Alias: Index } && applying is { Switch: { } attempt })
        {
            SwitchTakesEffect(attempt);
        }

        if (repointedAt == 0 && (!Qdrant.Aliases.TryGetValue(Index, out var target) || !Qdrant.Exists(target)))
        {
            throw new InvariantViolation(8, "the index' alias does not resolve");
        }
    }

    private void SwitchTakesEffect(SwitchAttempt attempt)
    {
        if (aborted.Contains(attempt.Token))
        {
            throw new InvariantViolation(6, $"the switch to {attempt.Token} takes effect after its abort was confirmed");
        }

        var rollout = State.Latest!;
        var (blue, green) = (Qdrant.Find(rollout.Blue)!, Qdrant.Find(rollout.Green)!);
        if (!Circumstances.AllFenced || attempt.Repairs)
        {
            return;
        }

        foreach (var id in blue.Points.Keys.Union(green.Points.Keys).Where(id => !Alike(blue, green, id)))
        {
            throw new InvariantViolation(1, $"at the switch to {attempt.To}, {blue.Name} and {green.Name} differ in document {id}");
        }
    }

    /// <summary>8: no alias of this index, nor one that was there when aliases were last read, points to what is deleted.</summary>
    private void Deleting(string collection, long lookedAt)
    {
        // Qdrant deletes without a condition, however late: what was pointed there after the last look is lost, and mended.
        // Peers apply changes of aliases and deletions in one order, so what one has not heard of yet it has not deleted yet either. But what has served
        // is kept until every peer has long heard.
        var aliases = State.Latest is { EndedAt: not null } ? Qdrant.Aliases.Concat(Qdrant.AliasesOfTheOtherPeer.Where(alias => alias.Key != Referring)) : Qdrant.Aliases;

        // What a fence that rises late creates beside it means nothing.
        foreach (var (alias, target) in aliases.Where(alias => alias.Key != WriteFence.SyncAlias(Index)))
        {
            var byHandAt = alias == Referring ? referredAt : alias == Index ? repointedAt : -1;
            if (target == collection && lookedAt > byHandAt)
            {
                throw new InvariantViolation(8, $"{collection} is deleted while {alias} points to it");
            }
        }
    }

    private void Saving(Rollout rollout)
    {
        var before = State.Find(rollout.Id);
        if (rollout.CopiedBelow != before.CopiedBelow)
        {
            // No edit takes longer than a copy, or it would leave no trace.
            halfEdited.ToList().ForEach(id => SetVector(id, Qdrant.Find(WriteFence.WriteAlias(Index)) ?? Qdrant.Find(rollout.Blue)));
        }

        if (rollout.Switch is { Outcome: SwitchOutcome.Aborted } attempt)
        {
            aborted.Add(attempt.Token);
        }

        if (rollout.Guarantee == before.Guarantee || rollout.Guarantee is not { } guarantee)
        {
            return;
        }

        excused |= !guarantee.Exact && !Circumstances.AllFenced;
        // Not where another installation has switched on meanwhile: what is written then goes to its collection.
        if (guarantee.Exact && !excused && Qdrant.Find(rollout.Serving == Side.Green ? rollout.Green : rollout.Blue) is { } serving
            && AliasMoves.Tokens(Index, Qdrant.Aliases) is [var token] && token.Target == serving.Name)
        {
            acknowledged.Require(serving, "at a switch that is called exact");
        }
    }

    /// <summary>2, 3 and 9, where it is promised: everything through the fence, or nothing that a report would have called best effort.</summary>
    private void RequireNothingLost(SimulatedCollection collection, string when)
    {
        if (!excused)
        {
            acknowledged.Require(collection, when);
        }
    }

    /// <summary>Faults stop: what was late arrives, what is under way lands, people mend what people did.</summary>
    private void ComeToRest()
    {
        armed = null;
        (worseChecks, gateSays) = (0, Core.Gate.GateDecision.Passed);
        superseded.Clear();
        underWay.ToList().ForEach(Land);
        Qdrant.PeerLags = false;
        Tell("faults stop");
        late.ToList().ForEach(Arrive);
        Mend();
        Qdrant.Change([new AliasMove.Drop(Referring)]);
        Heal();
        RunUntil(() => State.Latest!.EndedAt is not null && Qdrant.Aliases.ContainsKey(WriteFence.WriteAlias(Index)), "has not ended");
        halfEdited.ToList().ForEach(id => SetVector(id, Qdrant.Find(WriteFence.WriteAlias(Index))));
        RequireRest();
        RunUntil(() => State.Unfinished.Count == 0, "is still looked after");
        RequireRest();
    }

    private void RunUntil(Func<bool> holds, string otherwise)
    {
        for (var calls = 0; !holds(); calls++)
        {
            var latest = State.Latest!;
            if (calls > MoreCallsThanAnyRolloutNeeds)
            {
                throw new InvariantViolation(InvariantViolation.Liveness, $"{latest.Id} {otherwise}: {latest.Phase}, {latest.Reason}: {latest.Message}");
            }

            if (calls % 200 == 0)
            {
                Pass(OneCall);
                Ask(RequestKind.Resume);
                Ask(RequestKind.Approve);
            }

            worker.Step(turn++);
        }
    }

    private void Heal()
    {
        foreach (var name in Qdrant.Aliases.Values.Distinct(StringComparer.Ordinal))
        {
            Qdrant.Find(name)!.Diverging.Clear();
        }
    }

    /// <summary>2, 3, 4, 5, 8 and 10 once all is quiet.</summary>
    private void RequireRest()
    {
        var target = Qdrant.Aliases.GetValueOrDefault(Index);
        var serving = target is null ? null : Qdrant.Find(target);
        if (serving is null || AliasMoves.Tokens(Index, Qdrant.Aliases) is not [var token] || token.Target != target)
        {
            throw new InvariantViolation(5, "once quiet, the index' alias and its one token do not point to one collection");
        }

        if (Qdrant.Aliases.GetValueOrDefault(WriteFence.WriteAlias(Index)) != target)
        {
            throw new InvariantViolation(2, "once quiet, writes do not go to the collection that serves");
        }

        RequireNothingLost(serving, "once quiet");
        foreach (var (id, point) in serving.Points)
        {
            // Applications write vectors of the model that they found. Only where a peer lagged behind may one be of another; then something shows it.
            var stamp = point.Stamp;
            var shown = stamp is null || stamp.ContentHash != point.ContentHash || stamp.VectorSketch != point.Vector.Sketch || stamp.Fingerprint != serving.Fingerprint;
            if (point.Vector != new Vector(serving.Fingerprint, point.Text) && !(excused && shown))
            {
                throw new InvariantViolation(4, $"once quiet, the vector of {id} is of {point.Vector.Text}, its text is {point.Text}");
            }
        }
    }
}
