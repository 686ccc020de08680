using DriftGuard.Core.Rollouts;
using DriftGuard.Testing.Models;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Hosting;
using DriftGuard.Worker.Tests.Drift;
using DriftGuard.Worker.Tests.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace DriftGuard.Worker.Tests.Gate;

/// <summary>An installation with the shipped models, and e5 where it is given, whose indexes are changed from one real model to another.</summary>
internal sealed class GateWorld : IAsyncDisposable
{
    public const string Static = "static-wordpiece-128";
    public const string MiniLm = "all-minilm-l6-v2-int8";
    public const string E5 = "e5-small-v2-int8";

    /// <summary>Without a person, and without a soak: what the gate says is what becomes of it.</summary>
    public static readonly RolloutSettings Unattended = new() { Soak = TimeSpan.Zero, Partitions = 4 };

    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-gate-").FullName;

    private GateWorld()
    {
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public Engine Engine { get; private set; } = null!;

    /// <summary>The folder of models that a test adds.</summary>
    public string Models => Path.Join(folder, "models");

    /// <summary>The folder of the sets that a test writes.</summary>
    public string Sets => Path.Join(folder, "sets");

    public static string ShippedSets => Path.Join(AppContext.BaseDirectory, "calibration-sets");

    /// <summary>Starts it; the e5 model is beside the shipped ones where it is given.</summary>
    public static async Task<GateWorld> StartAsync(Func<DriftGuardOptions, DriftGuardOptions>? configure = null)
    {
        var world = new GateWorld();
        if (DriftWorld.E5 is { } e5)
        {
            ModelCopy.OfE5(e5, Path.Join(world.Models, E5));
        }

        Directory.CreateDirectory(world.Sets);
        Directory.CreateDirectory(world.Models);
        await world.OpenAsync(configure ?? (options => options));
        return world;
    }

    /// <summary>The next process, configured otherwise.</summary>
    public async Task RestartAsync(Func<DriftGuardOptions, DriftGuardOptions> configure)
    {
        await Engine.DisposeAsync();
        await OpenAsync(configure);
    }

    /// <summary>An index of a corpus under a model.</summary>
    public async Task IndexAsync(string index, string model, string set, string corpusFile)
    {
        var serving = await Engine.Indexes.CreateAsync(index, model, "text", set, Cancellation);
        await Engine.Loader.LoadAsync(serving, new(corpusFile, "id", "text"), null, Cancellation);
    }

    /// <summary>An index of a shipped set's own corpus.</summary>
    public Task IndexAsync(string index, string model, string set) => IndexAsync(index, model, set, Path.Join(ShippedSets, set, "corpus.jsonl"));

    /// <summary>Runs a rollout until it ends or stands still.</summary>
    public async Task<Rollout> RolloutAsync(string index, string to, RolloutSettings? settings = null)
    {
        var plan = await Engine.Rollouts.PlanAsync(index, to, null, settings ?? Unattended, Cancellation);
        return await FollowAsync(await Engine.Rollouts.StartAsync(plan, plan.Index.Definition.CalibrationSet!, Cancellation));
    }

    public async Task<Rollout> FollowAsync(Rollout rollout)
    {
        await Engine.Runner.RunAsync(rollout.Id, new()
        {
            Until = decision => decision.Phase.IsEnd() || (decision.Action == RolloutAction.Wait && decision.Phase is RolloutPhase.Paused or RolloutPhase.AwaitingApproval),
            GiveUpAfter = 3,
        }, Cancellation);
        return await Engine.Rollouts.FindAsync(rollout.Id, Cancellation);
    }

    /// <summary>The gate's report.</summary>
    public async Task<EvaluationReport> ReportAsync(Rollout rollout) => (await Engine.Evaluations.FindAsync(rollout.Gate!.EvaluationId, Cancellation))!;

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private async Task OpenAsync(Func<DriftGuardOptions, DriftGuardOptions> configure)
    {
        var options = new DriftGuardOptions
        {
            DataDirectory = Path.Join(folder, "data"),
            Models = new() { Roots = [Models, Path.Join(AppContext.BaseDirectory, "models")], Sessions = 1, ThreadsPerSession = 1 },
            CalibrationSets = new() { Roots = [Sets, ShippedSets] },
        };
        Engine = await Engine.StartAsync(configure(options), "gate test", TimeProvider.System, NullLoggerFactory.Instance, Cancellation);
        Engine.Installation.Models.Lend = model => new RememberingEmbedder(model);
    }
}
