using DriftGuard.Core.Gate;
using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Tests.Rollouts.Protocol.Applications;
using DriftGuard.Core.Tests.Rollouts.Protocol.Histories;
using DriftGuard.Core.Tests.Rollouts.Protocol.Qdrant;
using DriftGuard.Core.Tests.Rollouts.Protocol.Workers;

namespace DriftGuard.Core.Tests.Rollouts.Protocol;

/// <summary>Qdrant, applications, workers and the state store, all in one thread: a history says what happens in them.</summary>
internal sealed partial class ProtocolWorld
{
    public const string Index = "docs";

    private const int Documents = 5;
    private const int MoreCallsThanAnyRolloutNeeds = 4_000;

    /// <summary>A write is applied within this time after it was sent, or never; other changes may take longer.</summary>
    public static readonly TimeSpan WriteDeadline = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan OneCall = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestLag = TimeSpan.FromMinutes(10);

    private static readonly RolloutSettings Settings = new()
    {
        Soak = TimeSpan.FromMinutes(20),
        SoakCheckInterval = TimeSpan.FromMinutes(5),
        Retention = TimeSpan.FromHours(1),
    };

    private readonly List<LateCall> late = [];
    private readonly List<ApplicationWrite> underWay = [];
    private readonly List<int> halfEdited = [];
    private readonly List<(WorkerProcess Worker, DateTimeOffset Until)> superseded = [];
    private readonly AcknowledgedWrites acknowledged = new();
    private WorkerProcess worker;
    private int version;
    private int rollouts;
    private string? told;

    public ProtocolWorld(Circumstances circumstances, Mutation mutation = Mutation.None)
    {
        (Circumstances, Mutation) = (circumstances, mutation);
        Qdrant = new(honoursUpdateMode: false) { OnMoved = Moved, OnDeleting = Deleting };
        State = new(mutation) { OnSaving = Saving };
        var fingerprint = FingerprintOf(0);
        var blue = NewName(fingerprint);
        Qdrant.Create(blue, fingerprint);
        Qdrant.Change(AliasMoves.Create(EpochToken.First(Index), blue));
        for (var id = 0; id < Documents; id++)
        {
            var text = NextText();
            Qdrant.Find(blue)!.Points[id] = circumstances.StampedBlue
                ? SimulatedPoint.Stamped(text, id, fingerprint, Revision.Of(0, 1))
                : new(text, id, new(fingerprint, text), null);
            acknowledged.Acknowledged(id, Qdrant.Find(blue)!.Points[id]);
        }

        Plan();
        worker = State.LeaseHolder = new(this);
    }

    public Circumstances Circumstances { get; }

    public Mutation Mutation { get; }

    public SimulatedCluster Qdrant { get; }

    public ProtocolState State { get; }

    public DateTimeOffset Now { get; private set; } = RolloutExample.Start;

    /// <summary>Counts calls, so that it can be said what came first.</summary>
    public long Tick { get; private set; }

    /// <summary>What happened, for people; null where nobody asks.</summary>
    public List<string>? Story { get; init; }

    /// <summary>Lives through a history, and then on without faults until everything has ended.</summary>
    /// <exception cref="InvariantViolation">An invariant does not hold.</exception>
    public static void Live(History history, Mutation mutation = Mutation.None, List<string>? story = null)
    {
        var world = new ProtocolWorld(history.Circumstances, mutation) { Story = story };
        foreach (var choice in history.Choices)
        {
            world.Happen(choice);
        }

        world.ComeToRest();
    }

    public GateDecision NextGate()
    {
        var next = gateSays;
        gateSays = GateDecision.Passed;
        return next;
    }

    public bool NextSoakIsWorse() => worseChecks-- > 0;

    /// <summary>Sends a worker's call, and lets it go astray where that is its fate.</summary>
    public void Send(WorkerProcess sender, Call call)
    {
        Tick++;
        Pass(call.Kind == CallKind.Wait ? call.Span : OneCall);
        var fate = sender == worker && call.Kind is CallKind.Data or CallKind.Aliases or CallKind.Collections && sender == worker ? TakeFate(call) : Fate.Answered;
        if (call.Kind is not (CallKind.Read or CallKind.Wait))
        {
            Tell($"{(sender == worker ? "worker" : "superseded worker")}: {call.What}{(fate == Fate.Answered ? "" : $" ({fate})")}");
        }

        if (fate is Fate.Answered or Fate.Unanswered or Fate.Repeated)
        {
            Apply(call);
        }

        switch (fate)
        {
            case Fate.Unanswered or Fate.Refused:
                call.Failure = Failure.Unknown;
                break;
            case Fate.Late:
                call.Failure = Failure.Unknown;
                late.Add(new(call, Now + (call.Kind == CallKind.Data ? WriteDeadline : RolloutDecider.LongestLateness)));
                break;
            case Fate.Repeated:
                late.Add(new(call, Now + WriteDeadline));
                sender.NoteLateWrite();
                break;
            case Fate.Dropped:
                call.Pretend(new Done(0));
                break;
            case Fate.Halved:
                cutOffAfter = armedArgument % Math.Max(1, call.Moves.Count);
                Apply(call);
                cutOffAfter = int.MaxValue;
                call.Failure = Failure.Unknown;
                break;
        }
    }

    /// <summary>Changes aliases on behalf of a call.</summary>
    public bool Change(Call call, IReadOnlyList<AliasMove> moves)
    {
        applying = call;
        var all = Qdrant.Change(moves, cutOffAfter);
        applying = null;
        return all;
    }

    /// <summary>Applications' writes that have found this collection are applied and acknowledged.</summary>
    public void LandAll(string collection)
    {
        foreach (var write in underWay.Where(w => w.Target.Name == collection && w.Mark is null).ToList())
        {
            Land(write);
        }
    }

    private static void Apply(Call call)
    {
        var failure = call.Failure;
        call.Apply();
        call.Failure = failure == Failure.Unknown ? failure : call.Failure;
    }

    /// <summary>Time passes; what was late is applied by then.</summary>
    private void Pass(TimeSpan span)
    {
        Now += span;
        foreach (var call in late.Where(l => l.Until <= Now).ToList())
        {
            Arrive(call);
        }

        foreach (var write in underWay.Where(w => w.Mark?.Until <= Now).ToList())
        {
            Land(write);
        }

        superseded.RemoveAll(s => s.Until <= Now);
        if (Qdrant.PeerLags && Now - laggingSince > LongestLag)
        {
            Qdrant.PeerLags = false;
        }
    }

    private void Arrive(LateCall call)
    {
        late.Remove(call);
        Tell($"late: {call.Call.What}");
        Apply(call.Call);
    }

    private void Run(int calls)
    {
        for (; calls > 0; calls--)
        {
            worker.Step(turn++);
        }
    }

    private void Plan()
    {
        var aliases = Qdrant.Aliases;
        var token = AliasMoves.Tokens(Index, aliases).SingleOrDefault();
        var goesBack = State.Latest is { Serving: Side.Green, Retiring: false } latest && State.Requests(latest.Id).Rollback;
        if (State.Latest is { EndedAt: null } || goesBack || token is null || token.Target != aliases.GetValueOrDefault(Index))
        {
            return;
        }

        // What a replica lacks before a rollout begins, nothing shows.
        Qdrant.Find(token.Target)!.Diverging.Clear();
        var number = ++rollouts;
        var (from, to) = (Qdrant.Find(token.Target)!.Fingerprint, FingerprintOf(number));
        var fence = Circumstances.NoFence ? FenceMode.None : Circumstances.DriftGuard == Share.All ? FenceMode.Gateway : FenceMode.Auto;
        State.Add(RolloutExample.Planned(Settings with { Fence = fence, RequireApproval = number % 2 == 0 }) with
        {
            Id = $"{Index}-r{number}",
            FromFingerprint = from,
            ToFingerprint = to,
            Blue = token.Target,
            Green = NewName(to),
            CreatedAt = Now,
            ExpectedToken = token.Token,
            FenceMayRiseUntil = State.Latest?.FenceMayRiseUntil,
        });
        Tell($"somebody: plan {Index}-r{number} from {token.Target} to {State.Latest!.Green}");
    }

    private string NewName(string fingerprint) =>
        Mutation == Mutation.CollectionNameReused && rollouts > 0 && !Qdrant.Exists($"{Index}-again") ? $"{Index}-again" : $"{Index}-{fingerprint[..1]}-{rollouts}";

    private string NextText() => TextOf(++version);

    private static string TextOf(int number) => $"text {number}";

    private void Tell(string what)
    {
        if (Story is not null && what != told)
        {
            Story.Add($"{Now - RolloutExample.Start:d\\.hh\\:mm\\:ss\\.ff} {told = what}");
        }
    }

    private static string FingerprintOf(int number) => new((char)('a' + number), 64);

    private sealed record LateCall(Call Call, DateTimeOffset Until);
}
