using DriftGuard.Core.Embedding;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Gateway.Routing;
using DriftGuard.Worker.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Gateway;

/// <summary>
/// Opens the models of indexes before anybody asks for them: at the start those that serve, afterwards both of a rollout and that of a bridge. So the first query
/// waits for no cold one, nor does the first after a switch.
/// </summary>
internal sealed partial class ModelWarmth(
    StateStore state, IndexRoutes routes, BridgeStore bridges, ModelPool models, DriftGuardOptions options, TimeProvider time, ILogger<ModelWarmth> log) : BackgroundService
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(200);
    private readonly HashSet<(string Model, string Fingerprint)> _warm = [];

    /// <summary>The models that serve have been opened, as far as they can be.</summary>
    public bool IsWarm { get; private set; } = !options.Gateway.WarmModels;

    /// <summary>Those that cannot, each with why.</summary>
    public IReadOnlyCollection<string> Cold { get; private set; } = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!IsWarm && !stoppingToken.IsCancellationRequested)
        {
            await TryServingAsync(stoppingToken);
            await (IsWarm ? Task.CompletedTask : Task.Delay(TryAgain, time, stoppingToken));
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var rollout in await state.UnfinishedRolloutsAsync(stoppingToken))
                {
                    await WarmAsync(rollout.Index, rollout.FromModel, rollout.FromFingerprint, stoppingToken);
                    await WarmAsync(rollout.Index, rollout.ToModel, rollout.ToFingerprint, stoppingToken);
                }

                foreach (var bridge in await bridges.InUseAsync(stoppingToken))
                {
                    await WarmAsync(bridge.Index, bridge.Model, bridge.ModelFingerprint, stoppingToken);
                }
            }
            catch (StateException)
            {
                // Whoever answers meets the same; the models are opened then, or later.
            }

            await Task.Delay(LookAgain, time, stoppingToken);
        }
    }

    /// <summary>Opens the models that serve. Without state or Qdrant nobody knows which they are, and nobody is answered either.</summary>
    private async Task TryServingAsync(CancellationToken cancellation)
    {
        try
        {
            var cold = new List<string>();
            foreach (var index in await state.ListIndexesAsync(cancellation))
            {
                try
                {
                    // Over a bridge queries go by the model of that, which is opened as well.
                    var route = await routes.CurrentAsync(index.Name, cancellation);
                    if (route.Bridge is null && await WarmAsync(index.Name, route.Model, route.Fingerprint, cancellation) is { } failure)
                    {
                        cold.Add($"{route.Model} of index {index.Name}: {failure}");
                    }
                }
                catch (OperatorException unserved)
                {
                    cold.Add($"that of index {index.Name}: {unserved.Message}");
                }
            }

            (Cold, IsWarm) = (cold, true);
        }
        catch (Exception failure) when (failure is StateException or QdrantException)
        {
            LogUnknown(log, failure.Message);
        }
    }

    /// <summary>Opens a model.</summary>
    /// <returns>Why it cannot be; null where it is open.</returns>
    private async Task<string?> WarmAsync(string index, string model, string fingerprint, CancellationToken cancellation)
    {
        if (_warm.Contains((model, fingerprint)))
        {
            return null;
        }

        try
        {
            await models.Get(model, fingerprint).EmbedAsync(["warm"], InputKind.Query, cancellation);
            _warm.Add((model, fingerprint));
            return null;
        }
        catch (Exception failure) when (failure is OperatorException || ModelsAtHand.IsOfModel(failure))
        {
            LogCold(log, model, index, failure.Message);
            return failure.Message;
        }
    }

    [LoggerMessage(5032, LogLevel.Debug, "Which models serve cannot be read yet: {Failure}")]
    private static partial void LogUnknown(ILogger log, string failure);

    [LoggerMessage(5030, LogLevel.Debug, "Model {Model} of index {Index} cannot be opened ahead of time: {Failure}")]
    private static partial void LogCold(ILogger log, string model, string index, string failure);
}
