using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Rollouts.Copying;

/// <summary>
/// Measures where copying spends its time, a measurement a batch and stage: the histogram <c>driftguard.copy.stage.duration</c>. Its sum over a
/// stage, against those of the others, says which of them the copy waits for.
/// </summary>
public sealed class CopyStages
{
    /// <summary>The name of the meter of all metrics.</summary>
    public const string Meter = "DriftGuard";

    /// <summary>The histogram.</summary>
    public const string Duration = "driftguard.copy.stage.duration";

    /// <summary>Its tag with the name of the stage.</summary>
    public const string StageTag = "stage";

    // From a cursor that a local disk took in to a batch for which a provider's limit was waited out.
    private static readonly double[] Buckets = [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60];
    private static readonly KeyValuePair<string, object?>[] Tags =
        [.. Enum.GetNames<CopyStage>().Select(name => new KeyValuePair<string, object?>(StageTag, name.ToLowerInvariant()))];

    private readonly Histogram<double> seconds;
    private readonly TimeProvider time;

    /// <summary>Makes the histogram.</summary>
    public CopyStages(IMeterFactory meters, TimeProvider time)
    {
        this.time = time;
        seconds = meters.Create(Meter).CreateHistogram(
            Duration, "s", "Time of a batch in a stage of copying", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets });
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
