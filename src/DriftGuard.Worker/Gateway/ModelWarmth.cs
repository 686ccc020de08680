using DriftGuard.Core.Embedding;
using DriftGuard.State;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Loops;
using DriftGuard.Worker.Models;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Gateway;

/// <summary>Opens the models of indexes, both of a rollout and that of a bridge, before anybody asks for them: the first query after a switch waits for no cold one.</summary>
internal sealed partial class ModelWarmth(StateStore state, BridgeStore bridges, ModelPool models, TimeProvider time, ILogger<ModelWarmth> log) : ILoop
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);
    private readonly HashSet<(string Model, string Fingerprint)> _warm = [];
    private readonly HashSet<(string Model, string Fingerprint)> _wanted = [];

    /// <inheritdoc/>
    public string Name => "model_warmth";

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken stopping)
    {
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

    private async Task WarmAsync(string index, string model, string fingerprint, CancellationToken cancellation)
    {
        _wanted.Add((model, fingerprint));
        if (_warm.Contains((model, fingerprint)))
        {
            return;
        }

        try
        {
            await models.Get(model, fingerprint).EmbedAsync(["warm"], InputKind.Query, cancellation);
            _warm.Add((model, fingerprint));
        }
        catch (Exception failure) when (failure is OperatorException || ModelsAtHand.IsOfModel(failure))
        {
            LogCold(log, model, index, failure.Message);
        }
    }

    [LoggerMessage(5030, LogLevel.Debug, "Model {Model} of index {Index} cannot be opened ahead of time: {Failure}")]
    private static partial void LogCold(ILogger log, string model, string index, string failure);
}
