using DriftGuard.Core.Embedding;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Gateway.Routing;
using DriftGuard.Worker.Loops;
using DriftGuard.Worker.Models;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Gateway;

/// <summary>
/// Opens the models of indexes before anybody asks for them: at the start those that serve, afterwards both of a rollout and that of a bridge. So the first query
/// waits for no cold one, nor does the first after a switch.
/// </summary>
internal sealed partial class ModelWarmth(
    StateStore state, IndexRoutes routes, BridgeStore bridges, ModelPool models, DriftGuardOptions options, TimeProvider time, ILogger<ModelWarmth> log) : ILoop
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(200);
    private readonly HashSet<(string Model, string Fingerprint)> _warm = [];
    private readonly HashSet<(string Model, string Fingerprint)> _wanted = [];

    /// <summary>The models that serve have been opened, as far as they can be.</summary>
    public bool IsWarm { get; private set; } = !options.Gateway.WarmModels;

    /// <summary>Those that cannot, each with why.</summary>
    public IReadOnlyCollection<string> Cold { get; private set; } = [];

    /// <inheritdoc/>
    public string Name => "model_warmth";

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!IsWarm && !stopping.IsCancellationRequested)
        {
            await TryServingAsync(stopping);
            await (IsWarm ? Task.CompletedTask : Task.Delay(TryAgain, time, stopping));
        }

        while (!stopping.IsCancellationRequested)
        {
            try
            {
                _wanted.Clear();
                foreach (var rollout in await state.UnfinishedRolloutsAsync(stopping))
                {
                    await WarmAsync(rollout.Index, rollout.FromModel, rollout.FromFingerprint, stopping);
                    await WarmAsync(rollout.Index, rollout.ToModel, rollout.ToFingerprint, stopping);
                }

                foreach (var bridge in await bridges.InUseAsync(stopping))
                {
                    await WarmAsync(bridge.Index, bridge.Model, bridge.ModelFingerprint, stopping);
                }

                _warm.IntersectWith(_wanted);
            }
            catch (StateException)
            {
                // Whoever answers meets the same; the models are opened then, or later.
            }

            await Task.Delay(LookAgain, time, stopping);
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
        _wanted.Add((model, fingerprint));
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
