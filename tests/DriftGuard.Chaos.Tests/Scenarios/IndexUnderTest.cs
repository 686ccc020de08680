using System.Globalization;
using DriftGuard.Chaos.Tests.Oracle;
using DriftGuard.Chaos.Tests.Workload;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.State;
using DriftGuard.Testing.Processes;
using PointId = DriftGuard.Core.Points.PointId;

namespace DriftGuard.Chaos.Tests.Scenarios;

/// <summary>One index with its writers, its oracle, and one rollout after the other.</summary>
internal sealed class IndexUnderTest(string name, string folder, ChaosPlan plan, QdrantStore qdrant, StateDatabase database, Findings findings, Random random) : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    private readonly WriteLog _log = new();
    private readonly Pausable _writers = new(plan.Writers);
    private string _serving = Models.Old;

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>What was acknowledged.</summary>
    public WriteLog Log => _log;

    /// <summary>Rollouts and rollbacks that came to their end, each of which was compared in full.</summary>
    public int Changes { get; private set; }

    /// <summary>Points that were compared.</summary>
    public int Compared { get; private set; }

    /// <summary>How often writers stopped for a moment since a rollout asked for it.</summary>
    public int Calms { get; private set; }

    /// <summary>What the ends promised.</summary>
    public List<string> Promises { get; } = [];

    /// <summary>Creates the index with the documents of the calibration set.</summary>
    public async Task CreateAsync(CancellationToken cancellation)
    {
        await RunAsync("index", "create", name, "--model", Models.Old, "--calibration-set", Corpus.Set);
        await RunAsync("index", "load", name, Corpus.File);
        await foreach (var page in qdrant.ScrollRangeAsync(name, PointId.First, null, 500, ReadShape.WholePayload, null, cancellation))
        {
            foreach (var point in page.Points)
            {
                point.Payload.Remove(StampPayload.Key);
                _log.Add(WireForms.IdOf(point), "loaded", true, _ => point.Payload);
            }
        }
    }

    /// <summary>Writes until it is cancelled.</summary>
    public Task WriteAsync(CancellationToken cancellation) => Task.WhenAll(Enumerable.Range(0, plan.Writers).Select(number => Task.Run(async () =>
    {
        var pace = new Random(random.Next());
        var writer = new Writer(number, qdrant, new(qdrant, name, plan.Fenced, Models.ByName), _log, findings, plan.Documents, new(random.Next()));
        await writer.FillAsync(cancellation);
        while (!cancellation.IsCancellationRequested)
        {
            // An operation that was begun is ended: its acknowledgement must not be missed.
            await _writers.RunAsync(() => writer.OnceAsync(CancellationToken.None), CancellationToken.None);
            await Task.Delay(plan.Pace * pace.NextDouble(), CancellationToken.None);
        }
    }, CancellationToken.None)));

    /// <summary>One rollout after the other, or back, until it is over and as many as planned have come to their end.</summary>
    public async Task ChangeAsync(Func<bool> isOver, CancellationToken cancellation)
    {
        while (Changes < plan.Changes || !isOver())
        {
            if (Changes > 0 && random.Next(3) == 0 && await SeenAsync(cancellation) is { Phase: RolloutPhase.Completed or RolloutPhase.Soaking, Serving: Side.Green } back)
            {
                await AskAsync(back.Id, RequestKind.Rollback, cancellation);
            }
            else if (!await StartAsync(cancellation))
            {
                continue;
            }

            await ComparedAsync(await EndOfLatestAsync(cancellation), cancellation);
        }
    }

    /// <summary>Compares once more, when all is over.</summary>
    public Task CompareAsync(CancellationToken cancellation) => _writers.WhileQuietAsync(
        async () => Compared += await Comparison.RunAsync(qdrant, name, _log, Models.ByName, findings, cancellation), cancellation);

    private async Task<bool> StartAsync(CancellationToken cancellation)
    {
        using var started = DriftGuardProcess.Start(folder, "rollout", "start", name, "--to", Models.After(_serving), "--no-preflight", "--detach");
        var (code, _, error) = await started.EndAsync();
        if (code == 0)
            return true;
        if (await SeenAsync(cancellation) is { EndedAt: null, Phase: not RolloutPhase.Soaking })
            return true; // recorded, and the answer was lost
        LastRefusal = error;
        await Task.Delay(LookAgain, cancellation);
        return false;
    }

    /// <summary>Why the latest start was refused, for people.</summary>
    public string LastRefusal { get; private set; } = "";

    private async Task<Rollout> EndOfLatestAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(LookAgain, cancellation);
            try
            {
                if (await LatestAsync(cancellation) is not { } rollout)
                    continue;
                if (await IsAtItsEndAsync(rollout, cancellation))
                    return rollout;
                if (rollout is { Phase: RolloutPhase.Paused, Reason: RolloutReason.GateBlocked or RolloutReason.FenceTooLong })
                    await CalmDownAsync(rollout.Id, cancellation);
            }
            catch (StateException)
            {
                // Locked by somebody else, or full.
            }
        }
    }

    /// <summary>Does what a rollout asks for that stands still since too much is written on a machine that is short of time: writers stop for a moment.</summary>
    private Task CalmDownAsync(string rollout, CancellationToken cancellation) => _writers.WhileQuietAsync(async () =>
    {
        Calms++;
        await AskAsync(rollout, RequestKind.Resume, cancellation);
        while (await PhaseAsync(cancellation) is null or RolloutPhase.Paused or RolloutPhase.CatchingUp or RolloutPhase.Evaluating)
            await Task.Delay(LookAgain, cancellation);
    }, cancellation);

    /// <summary>At its end, and every request that was made of it seen.</summary>
    private async Task<bool> IsAtItsEndAsync(Rollout rollout, CancellationToken cancellation)
    {
        var requests = await (await OpenAsync(cancellation)).RequestsAsync(rollout.Id, cancellation);
        return rollout.EndedAt is not null && requests.Latest <= rollout.RequestsSeen
            && !(requests.Rollback && rollout is { Phase: RolloutPhase.Completed, Reason: not (RolloutReason.RollbackImpossible or RolloutReason.Superseded), RetiredAt: null });
    }

    private Task ComparedAsync(Rollout rollout, CancellationToken cancellation) => _writers.WhileQuietAsync(async () =>
    {
        var before = findings.Count;
        Changes++;
        _serving = rollout.Serving == Side.Green ? rollout.ToModel : rollout.FromModel;
        Compared += await Comparison.RunAsync(qdrant, name, _log, Models.ByName, findings, cancellation);
        Promises.Add($"{rollout.Id} {rollout.Phase} ({rollout.Reason}): {rollout.Guarantee?.Message}");
        if (rollout.Phase is not (RolloutPhase.Completed or RolloutPhase.RolledBack))
            findings.Add(Finding.StoodStill, $"{rollout.Id} {rollout.Phase}: {rollout.Reason}, {rollout.Message}");
        else if (rollout.Guarantee is { Exact: true } exact && findings.Count > before)
            findings.Add(Finding.Promise, string.Create(CultureInfo.InvariantCulture, $"{rollout.Id} {rollout.Phase}: '{exact.Message}', and {findings.Count - before} differences"));
    }, cancellation);

    /// <summary>For people: where the latest rollout stands.</summary>
    public async Task<string> StandsAsync() => await SeenAsync(CancellationToken.None) is { } rollout
        ? $"{rollout.Id} {rollout.Phase} ({rollout.Reason}): {rollout.Message}; last failure: {rollout.LastFailure?.Message}; refused start: {LastRefusal}"
        : $"{name} has no rollout; refused start: {LastRefusal}";

    /// <summary>Where the latest rollout stands; null where there is none, or nobody can look.</summary>
    public async Task<RolloutPhase?> PhaseAsync(CancellationToken cancellation) => (await SeenAsync(cancellation))?.Phase;

    /// <summary>The times at which the worker says that things happened.</summary>
    public async Task<IReadOnlyList<DateTimeOffset>> TimesAsync(CancellationToken cancellation) =>
        [.. (await (await OpenAsync(cancellation)).AuditAsync(name, cancellation)).Select(happened => happened.At)];

    public void Dispose() => _writers.Dispose();

    private async Task AskAsync(string rollout, RequestKind kind, CancellationToken cancellation)
    {
        for (var asked = false; !asked;)
        {
            try
            {
                await (await OpenAsync(cancellation)).AddRequestAsync(rollout, kind, "chaos", null, cancellation);
                asked = true;
            }
            catch (StateException)
            {
                // Locked by somebody else, or full: asked again, which asks for nothing else.
                await Task.Delay(LookAgain, cancellation);
            }
        }
    }

    /// <summary>The latest rollout; null where there is none, or nobody can look.</summary>
    private async Task<Rollout?> SeenAsync(CancellationToken cancellation)
    {
        try
        {
            return await LatestAsync(cancellation);
        }
        catch (StateException)
        {
            return null;
        }
    }

    private async Task<Rollout?> LatestAsync(CancellationToken cancellation) =>
        await (await OpenAsync(cancellation)).ListRolloutsAsync(name, cancellation) is { Count: > 0 } all ? all[^1] : null;

    private Task<StateStore> OpenAsync(CancellationToken cancellation) => StateStore.OpenAsync(database, TimeProvider.System, cancellation);

    private async Task RunAsync(params string[] arguments)
    {
        var (code, said, error) = await DriftGuardProcess.RunAsync(folder, arguments);
        code.ShouldBe(0, said + error);
    }
}
