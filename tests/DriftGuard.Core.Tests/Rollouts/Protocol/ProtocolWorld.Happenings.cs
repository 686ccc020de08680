using DriftGuard.Core.Gate;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Tests.Rollouts.Protocol.Applications;
using DriftGuard.Core.Tests.Rollouts.Protocol.Histories;
using DriftGuard.Core.Tests.Rollouts.Protocol.Qdrant;

namespace DriftGuard.Core.Tests.Rollouts.Protocol;

/// <summary>What choices mean.</summary>
internal sealed partial class ProtocolWorld
{
    private const string ByHand = "docs-by-hand";
    private const int AsAtFirst = 30;
    private const string Referring = "docs-of-somebody";

    private static readonly TimeSpan[] Spans =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(20), TimeSpan.FromHours(2),
    ];

    private static readonly RequestKind[] Kinds = [RequestKind.Resume, RequestKind.Approve, RequestKind.Rollback, RequestKind.Abort, RequestKind.Pause, RequestKind.Rollback];

    private int turn;
    private int worseChecks;
    private bool contended;
    private long referredAt;
    private long repointedAt;
    private DateTimeOffset laggingSince;
    private GateDecision gateSays = GateDecision.Passed;

    private void Happen(Choice choice)
    {
        var (happening, argument) = (choice.Happening, choice.Argument);
        switch (happening)
        {
            case Happening.Run:
                Run(1 + argument);
                break;
            case Happening.Write or Happening.WriteUnanswered or Happening.WriteUnderWay:
                Write(happening, argument);
                break;
            case Happening.SetText:
                SetText(argument % Documents);
                break;
            case Happening.SetVector when halfEdited.Count > 0:
                SetVector(halfEdited[argument % halfEdited.Count], Qdrant.Find(WriteFence.WriteAlias(Index)));
                break;
            case Happening.Land when underWay.Count > 0:
                Land(underWay[argument % underWay.Count]);
                break;
            case Happening.LoseAnswer or Happening.Refuse or Happening.Delay or Happening.Duplicate or Happening.HalfApply:
                Arm(happening, argument);
                break;
            case Happening.Arrive when late.Count > 0:
                Arrive(late[argument % late.Count]);
                break;
            case Happening.Crash:
                Tell("the worker dies, another one begins");
                Replace();
                break;
            case Happening.Supersede:
                Tell("the worker loses its lease, another one begins");
                superseded.Add((worker, Now + WriteDeadline));
                Replace();
                break;
            case Happening.RunSuperseded when superseded.Count > 0:
                RunSuperseded(argument);
                break;
            case Happening.Pass:
                Pass(Spans[argument % Spans.Length]);
                break;
            case Happening.Ask:
                Ask(Kinds[argument % Kinds.Length]);
                break;
            case Happening.Gate:
                gateSays = argument % 4 == 0 ? GateDecision.Refused : argument % 2 == 0 ? GateDecision.Blocked : GateDecision.Inconclusive;
                break;
            case Happening.Worse:
                worseChecks = 2;
                break;
            case Happening.Plan:
                Plan();
                break;
            default:
                HappenAround(happening, argument);
                break;
        }
    }

    private void HappenAround(Happening happening, int argument)
    {
        var latest = State.Latest!;
        switch (happening)
        {
            case Happening.Repoint:
                Qdrant.Create(ByHand, FingerprintOf(20));
                Tell("somebody: re-point the index by hand");
                repointedAt = Tick;
                Qdrant.Change([new AliasMove.Point(Index, argument % 3 == 0 && Qdrant.Exists(latest.Green) ? latest.Green : ByHand)]);
                excused |= Circumstances.DirectWriters;
                break;
            case Happening.Mend:
                Mend();
                break;
            case Happening.Refer when Qdrant.Exists(argument % 2 == 0 ? latest.Green : latest.Blue):
                Tell("somebody: point an alias of their own");
                referredAt = Tick;
                Qdrant.Change([new AliasMove.Point(Referring, argument % 2 == 0 ? latest.Green : latest.Blue)]);
                break;
            case Happening.Contend:
                Contend();
                break;
            case Happening.Diverge when Qdrant.Find(latest.Blue) is { } blue && Qdrant.Find(latest.Green) is { } green:
                // Both have it and have it alike: what the scroll leaves out need not be carried over.
                var (source, target) = latest.Serving == Side.Blue ? (blue, green) : (green, blue);
                foreach (var id in source.Points.Keys.Where(id => id == argument % (Documents + 1) && Alike(source, target, id)).ToList())
                {
                    Tell($"replicas of {source.Name} disagree about {id}");
                    source.Diverging.Add(id);
                }

                break;
            case Happening.Lag when Circumstances.TwoPeers:
                Qdrant.PeerLags = !Qdrant.PeerLags;
                laggingSince = Now;
                break;
        }
    }

    /// <summary>Another installation builds a collection of its own and switches, by the same rules.</summary>
    private void Contend()
    {
        var aliases = Qdrant.Aliases;
        var (tokens, serving) = (AliasMoves.Tokens(Index, aliases), Qdrant.Find(Index));
        if (tokens is not [var token] || token.Target != serving?.Name || !aliases.ContainsKey(WriteFence.WriteAlias(Index)))
        {
            return;
        }

        var fingerprint = FingerprintOf(10 + (int)(token.Token.Epoch % 10));
        var name = $"{Index}-{fingerprint[..1]}-{token.Token.Epoch}";
        if (!Qdrant.Create(name, fingerprint))
        {
            return;
        }

        foreach (var write in underWay.ToList())
        {
            Land(write);
        }

        foreach (var (id, point) in serving.Points)
        {
            Qdrant.Find(name)!.Points[id] = SimulatedPoint.Stamped(point.Text, point.Other, fingerprint, point.Stamp?.Revision ?? default);
        }

        contended = true;

        // Nothing held writes, and of a switch that is not confirmed nobody has said what became of them.
        excused |= Circumstances.NoFence && State.Latest!.Switch is { Outcome: SwitchOutcome.Unknown };
        Tell($"another installation: switch to {name}");
        var next = Mutation == Mutation.TokenNonceReused ? token.Token.Next() with { Nonce = "same" } : token.Token.Next();
        Qdrant.Change(
        [
            new AliasMove.Rename(token.Token.AliasName, next.AliasName), new AliasMove.Point(WriteFence.WriteAlias(Index), name),
            new AliasMove.Point(Index, name), new AliasMove.Point(next.AliasName, name),
        ]);
    }

    private void Write(Happening happening, int argument)
    {
        var kind = (WriteKind)(argument % 5);
        var id = argument / 5 % (Documents + 1);
        var direct = Circumstances.DirectWriters && argument % 2 == 1;
        var otherPeer = Circumstances.TwoPeers && argument % 3 == 1;
        var route = direct ? Index : WriteFence.WriteAlias(Index);
        if (Circumstances.DriftGuard == Share.All || (Circumstances.DriftGuard == Share.Half && argument % 2 == 1))
        {
            WriteThroughDriftGuard(happening, argument, id);
            return;
        }

        if (IsBusyWith(id) || Qdrant.Find(route, otherPeer) is not { } target)
        {
            // One write of a document at a time; under the fence there is no such collection, and it is tried again later.
            return;
        }

        // Also back to what it was at first: then a stamp from before an edit in place says what the text is, and is wrong about it no more.
        var write = argument >= AsAtFirst && id < Documents
            ? new ApplicationWrite(WriteKind.Upsert, id, TextOf(id + 1), id, target)
            : new ApplicationWrite(kind, id, NextText(), version, target);

        // Of a switch of another installation nobody here asks the peers.
        excused |= contended && otherPeer && target != Qdrant.Find(route);
        if (happening == Happening.WriteUnderWay)
        {
            Tell($"application: {kind} {id} ({write.Text}) is under way to {target.Name}");
            underWay.Add(write);
            return;
        }

        if (Circumstances.AllFenced)
        {
            RequireNothingLost(target, "read by an application");
        }

        Agree(id);
        Tell($"application: {kind} {id} ({write.Text}) through {route} to {target.Name}{(happening == Happening.WriteUnanswered ? " (unanswered)" : "")}");
        if (!write.Apply())
        {
            return;
        }

        if (happening == Happening.WriteUnanswered)
        {
            acknowledged.Unanswered(id, target.Points.GetValueOrDefault(id));
        }
        else
        {
            acknowledged.Acknowledged(id, target.Points.GetValueOrDefault(id));
        }
    }

    private bool IsBusyWith(int id) => halfEdited.Contains(id) || underWay.Exists(w => w.Id == id);

    /// <summary>The first half of an edit in two calls, where everything is written so that it can be held: what is said of others is too little to end it by.</summary>
    private void SetText(int id)
    {
        if (!Circumstances.AllFenced || Circumstances.DriftGuard == Share.All || IsBusyWith(id) || Qdrant.Find(WriteFence.WriteAlias(Index)) is not { } target)
        {
            return;
        }

        Agree(id);
        Apply(new ApplicationWrite(WriteKind.SetText, id, NextText(), version, target));
        halfEdited.Add(id);
    }

    /// <summary>The second half, with the vector of the model that serves now; what is deleted meanwhile has none.</summary>
    private void SetVector(int id, SimulatedCollection? target)
    {
        if (target is not null)
        {
            halfEdited.Remove(id);
            Apply(new ApplicationWrite(WriteKind.SetVector, id, "", 0, target));
        }
    }

    private void Apply(ApplicationWrite write)
    {
        Tell($"application: {write.Kind} {write.Id} {write.Text} in {write.Target.Name}");
        if (write.Apply())
        {
            acknowledged.Acknowledged(write.Id, write.Target.Points.GetValueOrDefault(write.Id));
        }
    }

    /// <summary>What alias and token point to; null where they are apart.</summary>
    private SimulatedCollection? Serving() =>
        AliasMoves.Tokens(Index, Qdrant.Aliases) is [var token] && token.Target == Qdrant.Aliases.GetValueOrDefault(Index) ? Qdrant.Find(token.Target) : null;

    /// <summary>Marked first; one that is under way has found its collection and is not sent yet, so that no marker flushes it.</summary>
    private void WriteThroughDriftGuard(Happening happening, int argument, int id)
    {
        if (IsBusyWith(id) || Serving() is not { } target || State.Outbox.Mark(id, State.LatestEpoch, Now) is not { } mark)
        {
            return;
        }

        var write = new ApplicationWrite(argument % 3 == 2 ? WriteKind.Delete : WriteKind.Upsert, id, NextText(), version, target) { Mark = mark };
        Tell($"application: {write.Kind} {id} ({write.Text}) through DriftGuard to {target.Name} at {mark.Revision} ({happening})");
        underWay.Add(write);
        if (happening == Happening.Write)
        {
            Land(underWay[^1]);
        }
        else if (happening == Happening.WriteUnanswered)
        {
            // Its writer has died: nobody says that it is done.
            underWay.RemoveAt(underWay.Count - 1);
            Agree(id);
            write.Apply();
            acknowledged.Unanswered(id, target.Points.GetValueOrDefault(id));
        }
    }

    /// <summary>What a scroll leaves out is never what has to be carried over: no comparison would find that.</summary>
    private void Agree(int id)
    {
        foreach (var name in (string[])[State.Latest!.Blue, State.Latest.Green])
        {
            Qdrant.Find(name)?.Diverging.Remove(id);
        }
    }

    private void Land(ApplicationWrite write)
    {
        underWay.Remove(write);
        Agree(write.Id);
        if (Qdrant.Find(write.Target.Name) == write.Target && write.Apply())
        {
            Tell($"application: {write.Kind} {write.Id} ({write.Text}) lands in {write.Target.Name}");
            acknowledged.Acknowledged(write.Id, write.Target.Points.GetValueOrDefault(write.Id));
        }

        if (write.Mark is { } mark)
        {
            if (Mutation == Mutation.MarkedAfterTheWrite)
            {
                State.Outbox.MakeDirty(write.Id, mark);
            }

            State.Outbox.End(write.Id, mark, State.Unfinished.Count > 0);
        }
    }

    private void Replace()
    {
        worker = new(this);
        State.LeaseHolder = worker;
    }

    private void RunSuperseded(int argument)
    {
        var one = superseded[argument % superseded.Count].Worker;
        for (var calls = 1 + (argument / 4); calls > 0 && superseded.Exists(s => s.Worker == one); calls--)
        {
            one.Step(turn++);
        }
    }

    /// <summary>As far as a request makes sense where the rollout stands.</summary>
    private void Ask(RequestKind kind)
    {
        var latest = State.Latest!;
        var makesSense = kind switch
        {
            RequestKind.Rollback => latest is { Serving: Side.Green, RetiredAt: null },
            _ => latest is { EndedAt: null, Serving: Side.Blue },
        };
        if (makesSense)
        {
            Tell($"somebody: ask for {kind}");
            State.Ask(latest.Id, kind, Now);
        }
    }

    private void Mend()
    {
        if (AliasMoves.Tokens(Index, Qdrant.Aliases) is [var token] && Qdrant.Aliases.GetValueOrDefault(Index) != token.Target)
        {
            Tell("somebody: point the index back");
            Qdrant.Change([new AliasMove.Point(Index, token.Target)]);
        }
    }

    private static bool Alike(SimulatedCollection one, SimulatedCollection other, int id) =>
        one.Points.TryGetValue(id, out var left) && other.Points.TryGetValue(id, out var right) && left.Text == right.Text && left.Other == right.Other;
}
