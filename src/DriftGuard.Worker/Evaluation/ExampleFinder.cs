using DriftGuard.Core.Calibration;

namespace DriftGuard.Worker.Evaluation;

/// <summary>Picks the queries that a person should look at: by the primary metric, where that is equal by the next ones, then by id.</summary>
internal static class ExampleFinder
{
    private const int ResultsKept = 10;
    private const double Same = 1e-12;

    /// <summary>Those that changed most between two sides.</summary>
    public static QueryExamples Changed(ComparedSides compared)
    {
        var differences = compared.Metrics.Select((_, metric) => compared.Differences(metric)).ToList();
        var changes = compared.Set.Queries.Select((query, i) => (query.Id, Position: i, Change: (double[])[.. differences.Select(d => Math.Abs(d[i]) <= Same ? 0 : d[i])])).ToList();
        var better = changes.Where(c => Sign(c.Change) > 0).OrderBy(c => Negated(c.Change), Lexicographic.Instance).ThenBy(c => c.Id, StringComparer.Ordinal).ToList();
        var worse = changes.Where(c => Sign(c.Change) < 0).OrderBy(c => c.Change, Lexicographic.Instance).ThenBy(c => c.Id, StringComparer.Ordinal).ToList();
        return new()
        {
            Improved = better.Count,
            Worsened = worse.Count,
            Unchanged = changes.Count - better.Count - worse.Count,
            MostImproved = [.. better.Take(QueryExamples.MostKept).Select(c => Example(compared.Set, c.Position, compared.Old, compared.New))],
            MostWorsened = [.. worse.Take(QueryExamples.MostKept).Select(c => Example(compared.Set, c.Position, compared.Old, compared.New))],
        };
    }

    /// <summary>Those that score least on one side, perfect ones left out.</summary>
    public static QueryExamples Weakest(CalibrationSet set, ScoredSide side) => new()
    {
        Weakest =
        [
            .. set.Queries.Select((query, i) => (query.Id, Position: i, Values: (double[])[.. side.Values.Select(metric => metric[i])]))
                .Where(query => query.Values.Any(value => value < 1 - Same))
                .OrderBy(query => query.Values, Lexicographic.Instance).ThenBy(query => query.Id, StringComparer.Ordinal)
                .Take(QueryExamples.MostKept).Select(query => Example(set, query.Position, side, null)),
        ],
    };

    private static QueryExample Example(CalibrationSet set, int position, ScoredSide old, ScoredSide? @new)
    {
        var query = set.Queries[position];
        var judgements = set.Qrels[query.Id];
        return new(
            query.Id, query.Text, query.Fields,
            [.. judgements.Where(judgement => judgement.Value >= 1).OrderByDescending(judgement => judgement.Value).ThenBy(judgement => judgement.Key, StringComparer.Ordinal).Select(judgement => judgement.Key)],
            EvaluationFigures.OfQuery(old.Values, position), @new is null ? null : EvaluationFigures.OfQuery(@new.Values, position),
            Results(old.Found[position]), @new is null ? null : Results(@new.Found[position]));

        IReadOnlyList<FoundDocument> Results(IReadOnlyList<string> found) => [.. found.Take(ResultsKept).Select((document, i) => new FoundDocument(i + 1, document, JudgementOf(document), null))];

        DocumentJudgement JudgementOf(string document) => !judgements.TryGetValue(document, out var grade) ? DocumentJudgement.Unjudged
            : grade >= 1 ? DocumentJudgement.Relevant : DocumentJudgement.NotRelevant;
    }

    private static int Sign(double[] change) => Math.Sign(Array.Find(change, difference => difference != 0));

    private static double[] Negated(double[] change) => [.. change.Select(difference => -difference)];

    /// <summary>By the first metric, then the next; differences that only rounding makes are none.</summary>
    private sealed class Lexicographic : IComparer<double[]>
    {
        public static readonly Lexicographic Instance = new();

        public int Compare(double[]? x, double[]? y)
        {
            for (var i = 0; i < x!.Length; i++)
            {
                // Rounded, so that the order is one: within a tolerance, equality would not carry over from pair to pair.
                if (Math.Round(x[i], 10).CompareTo(Math.Round(y![i], 10)) is var order and not 0)
                {
                    return order;
                }
            }

            return 0;
        }
    }
}
