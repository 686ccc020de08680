using System.Globalization;
using System.Text;
using DriftGuard.Core.Calibration.Editing;
using DriftGuard.Core.Text;

namespace DriftGuard.Core.Calibration.Linting;

/// <summary>Unjudged results as a table to be judged.</summary>
/// <param name="Content">The table.</param>
/// <param name="Rows">Pairs of query and document to judge.</param>
/// <param name="Queries">Queries they belong to.</param>
/// <param name="Seed">Seed of the order.</param>
public sealed record HoleExport(string Content, int Rows, int Queries, int Seed)
{
    /// <summary>
    /// Writes the results of all sides that nobody judged, query by query. Within a query they are shuffled: an order by rank, or by model,
    /// would tell those who judge what the model thinks.
    /// </summary>
    /// <param name="set">The set.</param>
    /// <param name="sides">What was found.</param>
    /// <param name="documents">Texts by id; a document whose text is not known gets none.</param>
    /// <param name="delimiter">What separates cells.</param>
    /// <param name="seed">Seed of the order.</param>
    public static HoleExport Write(
        CalibrationSet set, IReadOnlyList<RetrievedSide> sides, IReadOnlyDictionary<string, string> documents, char delimiter, int seed)
    {
        var (random, text, rows, queries) = (new Random(seed), new StringBuilder(), 0, 0);
        text.Append(DelimitedText.Write(delimiter, JudgementSheet.Columns)).Append("\r\n");
        for (var i = 0; i < set.Queries.Count; i++)
        {
            var query = set.Queries[i];
            var holes = Ranks(sides, i).Where(hole => !(set.Qrels.TryGet(query.Id, out var judged) && judged.ContainsKey(hole.Key))).OrderBy(hole => hole.Key, StringComparer.Ordinal).ToArray();
            random.Shuffle(holes);
            foreach (var (id, rank) in holes)
            {
                text.Append(DelimitedText.Write(
                    delimiter, query.Id, query.Text, id, documents.GetValueOrDefault(id, ""), rank.ToString(CultureInfo.InvariantCulture), "")).Append("\r\n");
            }

            rows += holes.Length;
            queries += holes.Length > 0 ? 1 : 0;
        }

        return new(text.ToString(), rows, queries, seed);
    }

    /// <summary>The best place of each document on any side, from 1.</summary>
    private static Dictionary<string, int> Ranks(IReadOnlyList<RetrievedSide> sides, int query)
    {
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var side in sides)
        {
            for (var place = 0; place < side.Found[query].Count; place++)
            {
                var id = side.Found[query][place];
                ranks[id] = Math.Min(ranks.GetValueOrDefault(id, int.MaxValue), place + 1);
            }
        }

        return ranks;
    }
}
