using DriftGuard.Core.Retrieval;

namespace DriftGuard.Core.Calibration;

/// <summary>
/// Labelled queries of an index. Only queries that can be answered are in it: a query without a relevant document scores 0 on both sides
/// of every comparison, and would make any change look smaller and surer than it is.
/// </summary>
public sealed record CalibrationSet
{
    /// <summary>What <c>set.yaml</c> says.</summary>
    public required CalibrationSetHeader Header { get; init; }

    /// <summary>The name of the set.</summary>
    public string Name => Header.Name;

    /// <summary>The queries, in file order; none where the set is empty, which decides nothing. Everything measured by query is in this order.</summary>
    public required IReadOnlyList<CalibrationQuery> Queries { get; init; }

    /// <summary>The judgements of <see cref="Queries"/>, in the same order.</summary>
    public required Qrels Qrels { get; init; }

    /// <summary>The documents of <c>corpus.jsonl</c>, in file order; null where the set comes without them.</summary>
    public IReadOnlyList<CalibrationDocument>? Corpus { get; init; }

    /// <summary>The labelled pairs of <c>pairs.tsv</c>, in file order; empty where there are none.</summary>
    public IReadOnlyList<LabelledPair> Pairs { get; init; } = [];

    /// <summary>What is not wrong enough to refuse the set: left-out queries, documents without text.</summary>
    public IReadOnlyList<CalibrationProblem> Warnings { get; init; } = [];

    /// <summary>The group of each of <see cref="Queries"/>: what a paired comparison takes.</summary>
    public IReadOnlyList<int> Groups => [.. Queries.Select(query => query.Group)];

    /// <summary>The set with some of its queries, and their judgements.</summary>
    public CalibrationSet Only(Func<CalibrationQuery, bool> which)
    {
        var queries = Queries.Where(which).ToList();
        return this with { Queries = queries, Qrels = new(queries.Select(query => KeyValuePair.Create(query.Id, Qrels[query.Id]))) };
    }

    /// <summary>How many groups there are. Fewer than 40 can show no match.</summary>
    public int GroupCount => Queries.Select(query => query.Group).Distinct().Count();
}

/// <summary>One labelled query.</summary>
/// <param name="Id">Its id, unique in the set.</param>
/// <param name="Text">What is searched for; never empty.</param>
/// <param name="Group">The group it moves with: queries with the same relevant documents, or the same value of the declared group field. From 0.</param>
/// <param name="Fields">Its other fields with plain values (text, number, true or false), such as <c>lang</c>: what slices are made of.</param>
public sealed record CalibrationQuery(string Id, string Text, int Group, IReadOnlyDictionary<string, string> Fields);

/// <summary>Two texts with a human score of how alike they mean, for thresholds.</summary>
/// <param name="Score">The score, on the set's own scale.</param>
/// <param name="First">One text.</param>
/// <param name="Second">The other.</param>
public sealed record LabelledPair(double Score, string First, string Second);
