using DriftGuard.Benchmarks.Reporting;
using DriftGuard.Core.Drift.Documents;
using DriftGuard.Core.Statistics.TwoSample;
using DriftGuard.Testing.Drift;

namespace DriftGuard.Benchmarks.Drift;

/// <summary>How often a change of the corpus is found that is there, and that is not.</summary>
internal static class DocumentPower
{
    public static void Run(TextWriter output, DriftTexts texts, bool quick)
    {
        var trials = quick ? 20 : 200;
        var table = new Table($"documents, 500 of each, {trials} trials", "p <= .01", "suspected", "effect, 5 %", "median", "95 %");
        var all = texts.Usual;
        IReadOnlyList<ServedText> Of(string domain) => [.. all.Where(text => text.Text.Domain == domain)];
        IReadOnlyList<ServedText> Without(string domain) => [.. all.Where(text => text.Text.Domain != domain)];
        var domains = all.Select(text => text.Text.Domain).Distinct(StringComparer.Ordinal).ToList();
        Add("no change", (_, random) => (Draw(all, 500, random), Draw(all, 500, random)));
        Add("growth by the same topics, uneven", (trial, random) =>
        {
            // Each intent grows by its own part, 0 to 100 %: what is now is that many more of what was.
            var weights = all.Select(text => text.Text.Intent).Distinct(StringComparer.Ordinal).ToDictionary(intent => intent, _ => random.NextDouble(), StringComparer.Ordinal);
            return (Draw(all, 500, random), Draw([.. all, .. all.Where(text => random.NextDouble() < weights[text.Text.Intent])], 500, random));
        });
        foreach (var share in new[] { .02, .05, .1, .2 })
        {
            Add($"{share:P0} replaced by a domain that was not there", (trial, random) =>
            {
                var domain = domains[trial % domains.Count];
                var usual = Without(domain);
                return (Draw(usual, 500, random), Traffic.Replaced(Draw(usual, 500, random), Of(domain), share, random));
            });
        }

        Add("one domain doubled", (trial, random) => (Draw(all, 500, random), Traffic.Replaced(Draw(all, 500, random), Of(domains[trial % domains.Count]), .1, random)));
        Add("10 % out of scope", (_, random) => (Draw(all, 500, random), Traffic.Replaced(Draw(all, 500, random), texts.OutOfScope, .1, random)));
        Add("10 % German", (_, random) => (Draw(all, 500, random), Traffic.Replaced(Draw(all, 500, random), texts.German, .1, random)));
        table.Write(output);

        static IReadOnlyList<ServedText> Draw(IReadOnlyList<ServedText> from, int count, Random random) => Traffic.Draw(from, count, random);

        void Add(string name, Func<int, Random, (IReadOnlyList<ServedText> Then, IReadOnlyList<ServedText> Now)> samples)
        {
            var bandwidth = Bandwidth(all);
            var results = Enumerable.Range(0, trials).Select(trial =>
            {
                var (then, now) = samples(trial, new Random(trial + 1));
                return DocumentDrift.Judge([.. then.Select(text => text.Vector)], [.. now.Select(text => text.Vector)], bandwidth, trial);
            }).ToList();
            double[] effects = [.. results.Select(result => result.Effect).Order()];
            table.Add(
                name,
                DriftBenchmark.Text(results.Count(result => result.P <= DocumentDrift.Alpha) / (double)trials),
                DriftBenchmark.Text(results.Count(result => result.Verdict == DocumentDriftVerdict.Suspected) / (double)trials),
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
