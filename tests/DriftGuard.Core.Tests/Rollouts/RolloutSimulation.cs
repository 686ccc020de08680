using DriftGuard.Core.Gate;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Merging;
using static DriftGuard.Core.Tests.Rollouts.RolloutExample;

namespace DriftGuard.Core.Tests.Rollouts;

/// <summary>
/// A small world in which the decider's actions are carried out as the steps carry them out, and may be cut off before their effect,
/// or after it and before it is recorded. A call that switches aliases may be lost, or applied later than its answer was awaited.
/// </summary>
internal sealed class RolloutSimulation
{
    private const int Documents = 20;
    private const int Partitions = 3;
    private readonly Random random;
    private readonly List<RolloutRequest> requests = [];
    private readonly List<SwitchCall> late = [];
    private readonly bool[] copied = new bool[Partitions];
    private int version;

    public RolloutSimulation(int seed, RolloutSettings settings)
    {
        random = new(seed);
        Stored = Planned(settings);
        Qdrant.Create(Blue);
        Qdrant.Point(Index, Blue);
        Qdrant.Point(Token.AliasName, Blue);
        for (var id = 0; id < Documents; id++)
        {
            Write(Blue, id);
        }
    }

    /// <summary>The index' name.</summary>
    public static string Index => "docs";

    /// <summary>What is recorded.</summary>
    public Rollout Stored { get; private set; }

    public DateTimeOffset Now { get; private set; } = Start;

    public SimulatedQdrant Qdrant { get; } = new();

    /// <summary>Chance that an action is cut off on either side of its effect.</summary>
    public double Crash { get; set; }

    /// <summary>What the gate will say.</summary>
    public Func<Random, GateDecision> Gate { get; set; } = _ => GateDecision.Passed;

    /// <summary>Chance that a check in the soak finds the serving side worse.</summary>
    public double Worse { get; set; }

    /// <summary>Moves that were made on the aliases by calls of this rollout.</summary>
    public List<Side> SwitchesApplied { get; } = [];

    /// <summary>How often the step that creates green came to its end.</summary>
    public int ProvenCanaries { get; private set; }

    public void Ask(RequestKind kind) => requests.Add(new(requests.Count + 1, kind, "test", Now));

    public void Pass(TimeSpan time) => Now += time;

    public void Write(string collection, int? id = null) => Qdrant.Points(collection)[id ?? random.Next(2 * Documents)] = ++version;

    public void Delete(string collection) => Qdrant.Points(collection).Remove(random.Next(Documents));

    /// <summary>Calls whose answers were given up arrive now.</summary>
    public void ApplyLate()
    {
        late.ForEach(call => Apply(call, () => false));
        late.Clear();
    }

    public RolloutObservation Observe()
    {
        var tokens = Qdrant.Aliases.Select(a => (Token: EpochToken.Parse(Index, a.Key), a.Value)).Where(t => t.Token is not null);
        return new()
        {
            Now = Now,
            Rollout = Stored,
            Requests = RolloutRequests.Reduce(requests),
            IndexTarget = Qdrant.Aliases.GetValueOrDefault(Index),
            Tokens = [.. tokens.Select(t => new TokenSeen(t.Token!, t.Value))],
            BlueExists = Qdrant.Exists(Blue),
            GreenExists = Qdrant.Exists(Green),
            PartitionsDone = copied.Count(done => done),
            Readiness = Stored.IndexingEnabled ? new(random.Next(3) > 0, "simulated") : null,
            RetiredIsReferenced = Qdrant.Aliases.Values.Contains(Stored.Retired, StringComparer.Ordinal),
        };
    }

    /// <summary>Observes, decides, records, acts: one step of the reconciler, cut off where chance will have it.</summary>
    public RolloutDecision Step()
    {
        var seen = Observe();
        var decision = RolloutDecider.Decide(seen);
        if (CutOff())
        {
            return decision;
        }

        Stored = Recorded(seen.Rollout, decision);
        if (decision.Action == RolloutAction.Wait || CutOff())
        {
            return decision;
        }

        var after = Act(decision.Action, seen with { Rollout = Stored });
        if (!CutOff())
        {
            Stored = after;
        }

        return decision;
    }

    private bool CutOff() => random.NextDouble() < Crash;

    private Rollout Recorded(Rollout rollout, RolloutDecision decision) => rollout with
    {
        Phase = decision.Phase,
        Reason = decision.Reason,
        Message = decision.Message,
        Failure = rollout.Failure ?? decision.Failure,
        EndedAt = decision.Ends ? rollout.EndedAt ?? Now : decision.Phase.IsEnd() ? rollout.EndedAt : null,
    };

    private Rollout Act(RolloutAction action, RolloutObservation seen)
    {
        var rollout = seen.Rollout;
        switch (action)
        {
            case RolloutAction.RunPreflight:
                return rollout with { Preflight = new(false, "", null) };
            case RolloutAction.CreateGreen:
                Qdrant.Create(Green);
                ProvenCanaries += CutOff() ? 0 : 1;
                return rollout with { GreenCreated = ProvenCanaries > 0 };
            case RolloutAction.PlanPartitions:
                return rollout with { PartitionsPlanned = Partitions };
            case RolloutAction.CopyPartitions:
                Copy(Array.IndexOf(copied, false));
                return rollout;
            case RolloutAction.RunCatchUpPass or RolloutAction.RunReversePass:
                return rollout with { LastPass = Compare(rollout) with { AfterRequest = seen.Requests.Latest } };
            case RolloutAction.EnableIndexing:
                return rollout with { IndexingEnabled = true };
            case RolloutAction.Evaluate:
                Now += TimeSpan.FromMilliseconds(1);
                return rollout with { Gate = RolloutExample.Gate(Gate(random), Now) with { AfterRequest = seen.Requests.Latest } };
            case RolloutAction.SwitchToGreen or RolloutAction.SwitchToBlue:
                return Switch(seen);
            case RolloutAction.SettleSwitch:
                return Settle(seen);
            case RolloutAction.ConfirmSwitch:
                return Confirm(seen);
            case RolloutAction.MergeLateWrites:
                return rollout with { Merge = rollout.Merge! with { DoneAt = Now } };
            case RolloutAction.CheckSoak:
                rollout.Merge!.DoneAt.ShouldNotBeNull("a check of the soak comes after the merge");
                return rollout with { LastSoakCheck = Soak(rollout.LastSoakCheck, random.NextDouble() < Worse ? SoakVerdict.Worse : SoakVerdict.Fine, Now) };
            case RolloutAction.RetireCollection:
                Qdrant.Delete(rollout.Retired);
                return rollout with { RetiredAt = Now };
            default:
                Qdrant.Delete(Green);
                return rollout;
        }
    }

    /// <summary>A partition that is cut off half way is copied again from its beginning.</summary>
    private void Copy(int ordinal)
    {
        foreach (var (id, written) in Qdrant.Points(Blue).Where(p => p.Key % Partitions == ordinal))
        {
            Qdrant.Points(Green)[id] = written;
            if (CutOff())
            {
                return;
            }
        }

        copied[ordinal] = true;
    }

    private CatchUpPass Compare(Rollout rollout)
    {
        var (from, to) = rollout.Serving == Side.Blue ? (Blue, Green) : (Green, Blue);
        var (source, target) = (Qdrant.Points(from), Qdrant.Points(to));
        var (written, deleted) = (source.Where(p => !target.TryGetValue(p.Key, out var there) || there != p.Value).ToList(), target.Keys.Except(source.Keys).ToList());
        written.ForEach(p => target[p.Key] = p.Value);
        deleted.ForEach(id => target.Remove(id));
        var previous = rollout.LastPass?.Source == rollout.Serving ? rollout.LastPass : null;
        var round = previous is not null && !(rollout.Gate?.At > previous.StartedAt) ? previous.Round + 1 : 1;
        return new((previous?.Number ?? 0) + 1, round, rollout.Serving, source.Count, written.Count, 0, deleted.Count, 0, Now, Now)
        {
            KeepsCurrent = rollout.Phase == RolloutPhase.Soaking,
            Ids = new(1, Now, 0),
        };
    }

    /// <summary>Recorded first; then the call is answered, lost, or applied late.</summary>
    private Rollout Switch(RolloutObservation seen)
    {
        var attempt = SwitchAttempt.Next(seen, Now);
        Stored = seen.Rollout with { Switch = attempt };
        var call = new SwitchCall(attempt, attempt.To == Side.Green ? Green : Blue);
        if (!CutOff())
        {
            Apply(call, CutOff);
        }
        else if (random.Next(2) == 0)
        {
            late.Add(call);
        }

        return Stored;
    }

    private void Apply(SwitchCall call, Func<bool> cutOff)
    {
        if (Qdrant.Switch(Index, call.Attempt.From.AliasName, call.Attempt.Token.AliasName, call.Collection, cutOff))
        {
            SwitchesApplied.Add(call.Attempt.To);
        }
    }

    private Rollout Settle(RolloutObservation seen)
    {
        var attempt = seen.Rollout.Switch!;
        var abort = attempt.From.Abort();
        return seen.Token!.Token == abort || Qdrant.Rename(attempt.From.AliasName, abort.AliasName)
            ? seen.Rollout with { Switch = attempt with { Outcome = SwitchOutcome.Aborted }, ExpectedToken = abort }
            : seen.Rollout;
    }

    private Rollout Confirm(RolloutObservation seen)
    {
        var attempt = seen.Rollout.Switch!;
        seen.IndexTarget.ShouldBe(attempt.To == Side.Green ? Green : Blue);
        return seen.Rollout with
        {
            Switch = attempt with { Outcome = SwitchOutcome.Applied },
            Serving = attempt.To,
            ExpectedToken = attempt.Token,
            CutOverAt = attempt.To == Side.Green ? Now : seen.Rollout.CutOverAt,
            Merge = LateWriteMerge.After(seen.Rollout, attempt.To, Now),
        };
    }

    private sealed record SwitchCall(SwitchAttempt Attempt, string Collection);
}
