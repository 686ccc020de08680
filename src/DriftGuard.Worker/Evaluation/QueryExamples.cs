namespace DriftGuard.Worker.Evaluation;

/// <summary>The queries that a person should look at, with what they found.</summary>
public sealed record QueryExamples
{
    /// <summary>How many of each kind are kept.</summary>
    public const int MostKept = 10;

    /// <summary>Queries that score more on the new side: by the primary metric, or where that is equal by the next.</summary>
    public int Improved { get; init; }

    /// <summary>Queries that score less.</summary>
    public int Worsened { get; init; }

    /// <summary>Queries that score the same on every metric.</summary>
    public int Unchanged { get; init; }

    /// <summary>Those that gained most, the most first; equal ones by id.</summary>
    public IReadOnlyList<QueryExample> MostImproved { get; init; } = [];

    /// <summary>Those that lost most, the most first; equal ones by id.</summary>
    public IReadOnlyList<QueryExample> MostWorsened { get; init; } = [];

    /// <summary>Those that score least, where only one side was scored; equal ones by id.</summary>
    public IReadOnlyList<QueryExample> Weakest { get; init; } = [];
}

/// <summary>A query with its results side by side.</summary>
/// <param name="Id">The query.</param>
/// <param name="Text">What is searched for.</param>
/// <param name="Fields">Its other fields, such as its language.</param>
/// <param name="Relevant">Ids of the documents that answer it.</param>
/// <param name="Old">Each metric on the old side.</param>
/// <param name="New">Each metric on the new side; null where only one side was scored.</param>
/// <param name="OldResults">What the old side found, best first.</param>
/// <param name="NewResults">What the new side found; null where only one side was scored.</param>
public sealed record QueryExample(
    string Id, string Text, IReadOnlyDictionary<string, string> Fields, IReadOnlyList<string> Relevant, IReadOnlyList<double> Old, IReadOnlyList<double>? New,
    IReadOnlyList<FoundDocument> OldResults, IReadOnlyList<FoundDocument>? NewResults);

/// <summary>A document that a query found.</summary>
/// <param name="Rank">Its rank, from 1.</param>
/// <param name="Document">Its id.</param>
/// <param name="Judgement">What the labels say of it.</param>
/// <param name="Excerpt">The beginning of its text; null where it was not read or has none.</param>
public sealed record FoundDocument(int Rank, string Document, DocumentJudgement Judgement, string? Excerpt);

/// <summary>What the labels say of a document and a query.</summary>
public enum DocumentJudgement
{
    /// <summary>Nobody judged it: counted as not relevant, which may be wrong.</summary>
    Unjudged,

    /// <summary>It answers the query.</summary>
    Relevant,

    /// <summary>Somebody looked, and it does not.</summary>
    NotRelevant,
}
