namespace DriftGuard.Core.Calibration.Building;

/// <summary>A query of a set that is being built.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">What is searched for.</param>
/// <param name="Fields">Its other fields.</param>
public sealed record DraftQuery(string Id, string Text, IReadOnlyDictionary<string, string> Fields);

/// <summary>A judgement of a set that is being built.</summary>
/// <param name="QueryId">The query.</param>
/// <param name="DocumentId">The document.</param>
/// <param name="Grade">1 or more is relevant.</param>
public sealed record DraftJudgement(string QueryId, string DocumentId, int Grade);

/// <summary>What was left out of a source.</summary>
/// <param name="Reason">Why, as "what".</param>
/// <param name="Count">How many.</param>
/// <param name="Examples">The first of them: ids, texts or lines.</param>
public sealed record DroppedFromSource(string Reason, int Count, IReadOnlyList<string> Examples);

/// <summary>What a source gives for a set.</summary>
public sealed record CalibrationSetDraft
{
    /// <summary>The queries, in the order of the source.</summary>
    public IReadOnlyList<DraftQuery> Queries { get; init; } = [];

    /// <summary>The judgements, in the order of the source.</summary>
    public IReadOnlyList<DraftJudgement> Judgements { get; init; } = [];

    /// <summary>Documents whose texts the source has; null where it names them only.</summary>
    public IReadOnlyList<CalibrationDocument>? Corpus { get; init; }

    /// <summary>Whether nothing but <see cref="Corpus"/> says what the documents' ids mean.</summary>
    public bool CorpusIsNeeded { get; init; }

    /// <summary>Whether the source has no ids of queries: theirs are made up, and mean nothing beside those of a set.</summary>
    public bool QueriesAreNumbered { get; init; }

    /// <summary>Where the judgements come from.</summary>
    public CalibrationLabels Labels { get; init; } = CalibrationLabels.Judged;

    /// <summary>What was left out, by reason.</summary>
    public IReadOnlyList<DroppedFromSource> Dropped { get; init; } = [];

    /// <summary>What one should know of how it was made.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>Counts what is left out of a source, by reason.</summary>
internal sealed class DropCount
{
    private const int Named = 5;

    private readonly Dictionary<string, (int Count, List<string> Examples)> drops = new(StringComparer.Ordinal);

    public IReadOnlyList<DroppedFromSource> All => [.. drops.Select(drop => new DroppedFromSource(drop.Key, drop.Value.Count, drop.Value.Examples))];

    public void Add(string reason, string example)
    {
        var (count, examples) = drops.GetValueOrDefault(reason, (0, []));
        if (examples.Count < Named)
            examples.Add(example);
        drops[reason] = (count + 1, examples);
    }
}
