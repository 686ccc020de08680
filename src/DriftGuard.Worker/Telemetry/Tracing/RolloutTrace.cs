using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using DriftGuard.Core.Rollouts;

namespace DriftGuard.Worker.Telemetry.Tracing;

/// <summary>
/// A rollout as one trace. Its trace id and the id of its root span are derived from the name of its new collection, which is never used again: so all
/// workers agree on them, also after a restart, and nothing is stored. What belongs to the rollout is always recorded.
/// </summary>
internal static class RolloutTrace
{
    /// <summary>The name of the root span, which is told when the rollout ends.</summary>
    public const string Root = "rollout";

    /// <summary>The name of a partition's span.</summary>
    public const string Partition = "rollout partition";

    /// <summary>The key of the partition's position.</summary>
    public const string Ordinal = "driftguard.partition";

    /// <summary>The key of the phase in which a rollout ended.</summary>
    public const string Phase = "driftguard.rollout.phase";

    /// <summary>The key of why it is in it.</summary>
    public const string Reason = "driftguard.rollout.reason";

    /// <summary>The key of the model that served.</summary>
    public const string From = "driftguard.rollout.from";

    /// <summary>The key of the model that was to.</summary>
    public const string To = "driftguard.rollout.to";

    /// <summary>The root span of a rollout.</summary>
    /// <param name="green">The name of its new collection.</param>
    public static ActivityContext ContextOf(string green)
    {
        ReadOnlySpan<byte> digest = SHA256.HashData(Encoding.UTF8.GetBytes(green));
        return new(ActivityTraceId.CreateFromBytes(digest[..16]), ActivitySpanId.CreateFromBytes(digest[16..24]), ActivityTraceFlags.Recorded, isRemote: true);
    }

    /// <summary>
    /// From here on until it is disposed log lines carry the rollout's trace id. Nothing is recorded of calls in it: a rollout makes more of them than any
    /// trace can hold.
    /// </summary>
    /// <param name="green">The name of its new collection.</param>
    /// <param name="within">The span that this is part of; the root unless said.</param>
    public static Activity Enter(string green, Activity? within = null)
    {
        var root = ContextOf(green);
        return new Activity(Root).SetParentId(root.TraceId, within?.SpanId ?? root.SpanId, ActivityTraceFlags.None).Start();
    }

    /// <summary>Begins a span of the rollout; null where nobody records any.</summary>
    public static Activity? Begin(string name, Rollout rollout, DateTimeOffset began = default)
    {
        var span = DriftGuardTelemetry.Source.StartActivity(name, ActivityKind.Internal, ContextOf(rollout.Green), startTime: began);
        span?.SetTag(Spans.Rollout, rollout.Id).SetTag(Spans.Index, rollout.Index);
        return span;
    }

    /// <summary>The request that is worked on has to do with a rollout.</summary>
    public static void Link(Rollout rollout) => Activity.Current?.AddLink(new(ContextOf(rollout.Green)));

    /// <summary>Tells the root span, from when the rollout was planned to its end.</summary>
    public static void End(Rollout rollout)
    {
        var around = Activity.Current;
        Activity.Current = null; // a root has no parent
        try
        {
            using var root = DriftGuardTelemetry.Source.CreateActivity(Root, ActivityKind.Internal);
            if (root is null)
            {
                return;
            }

            var context = ContextOf(rollout.Green);
            TraceIdOf(root) = context.TraceId.ToHexString();
            root.SetStartTime(rollout.CreatedAt.UtcDateTime).Start();
            SpanIdOf(root) = context.SpanId.ToHexString(); // drawn by the start, whatever was there before
            root.SetTag(Spans.Rollout, rollout.Id).SetTag(Spans.Index, rollout.Index).SetTag(Phase, rollout.Phase.ToString()).SetTag(Reason, rollout.Reason)
                .SetTag(From, rollout.FromModel).SetTag(To, rollout.ToModel)
                .SetEndTime(rollout.EndedAt!.Value.UtcDateTime);
        }
        finally
        {
            Activity.Current = around;
        }
    }

    // An activity draws its own ids, and has no other way to be told them.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_traceId")]
    private static extern ref string? TraceIdOf(Activity activity);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_spanId")]
    private static extern ref string? SpanIdOf(Activity activity);
}
