namespace DriftGuard.Core.Calibration.Linting;

/// <summary>Everything that rules look at, gathered before they are asked.</summary>
public sealed record LintSubject
{
    /// <summary>The set.</summary>
    public required CalibrationSet Set { get; init; }

    /// <summary>Texts of documents by id: the set's own corpus, or the relevant and retrieved documents of an index; null where neither is at hand.</summary>
    public IReadOnlyDictionary<string, string>? Documents { get; init; }

    /// <summary>What searches with the set's queries found; empty where nothing was searched.</summary>
    public IReadOnlyList<RetrievedSide> Retrieved { get; init; } = [];

    /// <summary>What two sides found that the set decides, or decided, between; empty where there are none.</summary>
    public IReadOnlyList<RetrievedSide> Compared { get; init; } = [];

    /// <summary>Relevant documents that the index does not hold; null where no index was looked at.</summary>
    public StaleLabels? Stale { get; init; }

    /// <summary>Languages that the queries seem to be in, most first; empty where that was not looked at.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Languages { get; init; } = [];
}

/// <summary>What one model's searches found.</summary>
/// <param name="Side">The model or collection.</param>
/// <param name="Found">Document ids for each query of the set, best first.</param>
public sealed record RetrievedSide(string Side, IReadOnlyList<IReadOnlyList<string>> Found);
