using DriftGuard.Benchmarks.Reporting;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Documents;
using DriftGuard.Core.Statistics.TwoSample;
using DriftGuard.Testing.Drift;

namespace DriftGuard.Benchmarks.Drift;

/// <summary>How often a change of the corpus is found that is there, and that is not.</summary>
internal static class DocumentPower
{
    public static void Run(TextWriter output, DriftTexts texts, bool quick)
    {
        Run(output, texts, 500, quick ? 20 : 200);
        Run(output, texts, 2_000, quick ? 8 : 50);
    }

    private static void Run(TextWriter output, DriftTexts texts, int size, int trials)
    {
        var table = new Table($"documents, {size:N0} of each, {trials} trials", "p <= .01", "suspected", "effect, 5 %", "median", "95 %");
        var all = texts.Usual;
        var bandwidth = Bandwidth(all);
        var domains = all.Select(text => text.Text.Domain).Distinct(StringComparer.Ordinal).ToList();
        Add("no change", (_, random) => Split(all, random));
        Add("each intent grows by 0 to 100 %", (_, random) =>
        {
            // What is now is drawn with weights 1 to 2 by intent; the samples have no text in common, which would make them alike.
            var weights = all.Select(text => text.Text.Intent).Distinct(StringComparer.Ordinal)
                .ToDictionary(intent => intent, _ => 1 + random.NextDouble(), StringComparer.Ordinal);
            var drawn = Traffic.Draw(all, all.Count, random);
            return (drawn.Take(size), drawn.Skip(size).Where(text => 2 * random.NextDouble() < weights[text.Text.Intent]).Take(size));
        });
        foreach (var share in new[] { .05, .1, .2 })
        {
            Add($"{share:P0} replaced by a domain that was not there", (trial, random) =>
            {
                var domain = domains[trial % domains.Count];
                var (then, now) = Split([.. all.Where(text => text.Text.Domain != domain)], random);
                return (then, Traffic.Replaced([.. now], [.. all.Where(text => text.Text.Domain == domain)], share, random));
            });
        }

        Add("10 % out of scope", (_, random) =>
        {
            var (then, now) = Split(all, random);
            return (then, Traffic.Replaced([.. now], texts.OutOfScope, .1, random));
        });
        table.Write(output);

        (IEnumerable<ServedText> Then, IEnumerable<ServedText> Now) Split(IReadOnlyList<ServedText> from, Random random)
        {
            var drawn = Traffic.Draw(from, 2 * size, random);
            return (drawn.Take(size), drawn.Skip(size));
        }

        void Add(string name, Func<int, Random, (IEnumerable<ServedText> Then, IEnumerable<ServedText> Now)> samples)
        {
            var results = Enumerable.Range(0, trials).Select(trial =>
            {
                var (then, now) = samples(trial, new Random(trial + 1));
                return DocumentDrift.Judge([.. then.Select(text => text.Vector)], [.. now.Select(text => text.Vector)], bandwidth, trial);
            }).ToList();
            double[] effects = [.. results.Select(result => result.Effect).Order()];
            table.Add(
                name,
                DriftBenchmark.Text(results.Count(result => result.P <= DocumentDrift.Alpha) / (double)trials),
                DriftBenchmark.Text(results.Count(result => result.Verdict == DriftVerdict.Suspected) / (double)trials),
                Table.Text(effects[trials / 20], "F5"),
                Table.Text(effects[trials / 2], "F5"),
                Table.Text(effects[trials * 19 / 20], "F5"));
        }
    }

    private static double Bandwidth(IReadOnlyList<ServedText> texts)
    {
        var drawn = Traffic.Draw(texts, 1_000, new Random(3));
        return PairwiseDistances.Of(Samples.Of(drawn.Take(500).Select(text => text.Vector), drawn.Skip(500).Select(text => text.Vector))).Median();
    }
}
