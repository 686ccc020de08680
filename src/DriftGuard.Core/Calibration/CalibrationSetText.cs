namespace DriftGuard.Core.Calibration;

/// <summary>The contents of a set's files, as read.</summary>
/// <param name="Queries"><c>queries.jsonl</c>.</param>
/// <param name="Qrels"><c>qrels.tsv</c>.</param>
/// <param name="Corpus"><c>corpus.jsonl</c>; null where there is none.</param>
/// <param name="Pairs"><c>pairs.tsv</c>; null where there is none.</param>
public sealed record CalibrationSetText(string Queries, string Qrels, string? Corpus = null, string? Pairs = null);

/// <summary>The files of a calibration set, by their names.</summary>
public static class CalibrationSetFiles
{
    /// <summary>What the set is.</summary>
    public const string Header = "set.yaml";

    /// <summary>The queries, one JSON object a line.</summary>
    public const string Queries = "queries.jsonl";

    /// <summary>The judgements, tab separated.</summary>
    public const string Qrels = "qrels.tsv";

    /// <summary>The documents, one JSON object a line.</summary>
    public const string Corpus = "corpus.jsonl";

    /// <summary>Labelled pairs, tab separated.</summary>
    public const string Pairs = "pairs.tsv";
}
