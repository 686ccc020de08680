using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Telemetry;
using DriftGuard.Worker.Telemetry.Metrics;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>
/// Measures where copying spends its time, a measurement a batch and stage: the histogram <c>driftguard.copy.stage.duration</c>. Its sum over a
/// stage, against those of the others, says which of them the copy waits for.
/// </summary>
public sealed class CopyStages
{
    private static readonly KeyValuePair<string, object?>[] Tags =
        [.. Enum.GetNames<CopyStage>().Select(name => RolloutMetrics.CopyStageDuration.TagsOf(name.ToLowerInvariant())[0])];

    private readonly Histogram<double> seconds;
    private readonly TimeProvider time;

    /// <summary>Makes the histogram.</summary>
    public CopyStages(IMeterFactory meters, TimeProvider time)
    {
        this.time = time;
        seconds = RolloutMetrics.CopyStageDuration.HistogramOf(meters.Create(DriftGuardTelemetry.Name));
    }

    /// <summary>Measures until what it returns is disposed.</summary>
    public Timing Time(CopyStage stage) => new(this, stage, time.GetTimestamp());

    /// <summary>The same model, with its calls measured as <see cref="CopyStage.Embed"/>.</summary>
    public ITextEmbedder Timed(ITextEmbedder model) => new TimedEmbedder(model, this);

    /// <summary>A measurement under way.</summary>
    /// <param name="stages">What it is for.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="began">When it began.</param>
    [StructLayout(LayoutKind.Auto)]
    public readonly struct Timing(CopyStages stages, CopyStage stage, long began) : IDisposable
    {
        /// <summary>Ends it.</summary>
        public void Dispose() => stages.seconds.Record(stages.time.GetElapsedTime(began).TotalSeconds, Tags[(int)stage]);
    }

    private sealed class TimedEmbedder(ITextEmbedder model, CopyStages stages) : DelegatingEmbedder(model)
    {
        public override async ValueTask<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellation)
        {
            using (stages.Time(CopyStage.Embed))
            {
                return await Model.EmbedAsync(texts, kind, cancellation);
            }
        }
    }
}
