using DriftGuard.Core.Embedding;
using DriftGuard.Core.Rollouts;
using DriftGuard.Embedding;
using DriftGuard.State;
using DriftGuard.Worker.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Gateway;

/// <summary>Opens the models of indexes, and both of a rollout, before anybody asks for them: the first query after a switch waits for no cold one.</summary>
internal sealed partial class ModelWarmth(StateStore state, ModelPool models, TimeProvider time, ILogger<ModelWarmth> log) : BackgroundService
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);
    private readonly HashSet<(string Model, string Fingerprint)> _warm = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                foreach (var rollout in await state.UnfinishedRolloutsAsync(stoppingToken))
                {
                    await WarmAsync(rollout, stoppingToken);
                }
            }
            catch (StateException)
            {
                // Whoever answers meets the same; the models are opened then, or later.
            }

            await Task.Delay(LookAgain, time, stoppingToken);
        }
    }

    private async Task WarmAsync(Rollout rollout, CancellationToken cancellation)
    {
        foreach (var model in new[] { (rollout.FromModel, rollout.FromFingerprint), (rollout.ToModel, rollout.ToFingerprint) })
        {
            if (_warm.Contains(model))
            {
                continue;
            }

            try
            {
                await models.Get(model.Item1, model.Item2).EmbedAsync(["warm"], InputKind.Query, cancellation);
                _warm.Add(model);
            }
            catch (Exception failure) when (failure is OperatorException or ModelException or EmbeddingProviderException)
            {
                LogCold(log, model.Item1, rollout.Index, failure.Message);
            }
        }
    }

    [LoggerMessage(5030, LogLevel.Debug, "Model {Model} of index {Index} cannot be opened ahead of time: {Failure}")]
    private static partial void LogCold(ILogger log, string model, string index, string failure);
}
