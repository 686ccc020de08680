using DriftGuard.Embedding;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Models;

/// <summary>What is logged of models.</summary>
internal static partial class ModelLog
{
    /// <summary>Says what a model has done so far, where bulk work ends.</summary>
    public static void Embedded(ILogger log, string rollout, int partition, ITextEmbedder model)
    {
        if (model is LoadedModel { Statistics: var done })
        {
            PartitionEmbedded(log, rollout, partition, model.Spec.Name, done.Texts, done.Tokens, done.TruncatedTexts, done.FailedTexts, done.PaddingShare);
        }
    }

    [LoggerMessage(5007, LogLevel.Information, "Model {Model} runs in {Settings}")]
    public static partial void Tuned(ILogger log, string model, InferenceTuning settings);

    [LoggerMessage(5008, LogLevel.Information,
        "Rollout {Rollout}: partition {Partition} is copied; since it was opened, model {Model} has embedded {Texts} texts of {Tokens} tokens, {Truncated} of them "
        + "truncated, {Failed} more have no vector; {Padding:P1} of what was computed was padding")]
    private static partial void PartitionEmbedded(
        ILogger log, string rollout, int partition, string model, long texts, long tokens, long truncated, long failed, double padding);
}
