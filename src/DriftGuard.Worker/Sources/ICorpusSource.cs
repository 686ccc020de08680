using DriftGuard.Qdrant;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Sources;

/// <summary>The text of a point, as its source has it.</summary>
/// <param name="Text">The text that is embedded; null if there is none.</param>
/// <param name="WhyNot">Why there is none, for people; null where there is one.</param>
public readonly record struct SourcedText(string? Text, string? WhyNot)
{
    /// <summary>A text that is there.</summary>
    public static SourcedText Of(string text) => new(text, null);

    /// <summary>No text, and why.</summary>
    public static SourcedText Missing(string why) => new(null, why);
}

/// <summary>The texts of the points in a range of ids.</summary>
/// <param name="Texts">In the order of the points.</param>
/// <param name="Surplus">Texts of the source in that range that no point has; null where the source cannot tell.</param>
public sealed record SourcedRange(IReadOnlyList<SourcedText> Texts, long? Surplus);

/// <summary>
/// Where the texts of an index come from. Which points there are is never its question: it gives the text of each point that it is asked for,
/// or says why there is none.
/// </summary>
public interface ICorpusSource
{
    /// <summary>What it is, for people.</summary>
    string InWords { get; }

    /// <summary>The part of a point's payload that the texts are found by.</summary>
    PayloadSelection Payload { get; }

    /// <summary>Whether it can say what has changed since a time.</summary>
    bool KnowsChanges { get; }

    /// <summary>The texts of points, in their order.</summary>
    /// <exception cref="OperatorException">The source cannot be read; the message says what to do.</exception>
    Task<IReadOnlyList<SourcedText>> TextsAsync(IReadOnlyList<RetrievedPoint> points, CancellationToken cancellation);

    /// <summary>The texts of all points of a range of ids, and how many texts of it no point has.</summary>
    /// <param name="points">All points of the range, in id order.</param>
    /// <param name="from">Where the range begins.</param>
    /// <param name="end">The first id behind it; null: it has no end.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperatorException">The source cannot be read; the message says what to do.</exception>
    Task<SourcedRange> RangeAsync(IReadOnlyList<RetrievedPoint> points, PointId from, PointId? end, CancellationToken cancellation);

    /// <summary>
    /// The ids of what was written, or softly deleted, at a time or later, in no order; of ids that are gone it says nothing. Only where
    /// <see cref="KnowsChanges"/>.
    /// </summary>
    /// <param name="collection">The collection that serves.</param>
    /// <param name="since">The time, by the clock of whatever writes.</param>
    /// <param name="cancellation">Cancels.</param>
    IAsyncEnumerable<PointId> ChangedSinceAsync(string collection, DateTimeOffset since, CancellationToken cancellation);
}
