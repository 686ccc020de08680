using DriftGuard.Benchmarks.Reporting;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Queries;
using DriftGuard.Core.Statistics;
using DriftGuard.Core.Statistics.TwoSample;
using DriftGuard.Testing.Drift;

namespace DriftGuard.Benchmarks.Drift;

/// <summary>How often drift of queries is found that is there, and that is not.</summary>
internal static class QueryPower
{
    private const int PastDays = 20;

    public static void Run(TextWriter output, DriftTexts texts, bool quick)
    {
        Days(output, texts, new Traffic(texts.Usual, [.. texts.OutOfScope, .. texts.German], 1_000), quick ? 30 : 300);
        Singles(output, texts, quick ? 20 : 200);
    }

    /// <summary>Both tests on single queries that are independent, at .05: the samples are baseline and now.</summary>
    private static void Singles(TextWriter output, DriftTexts texts, int trials)
    {
        // Fewer texts, so that the distances of every two can be kept.
        var few = texts with { Usual = Traffic.Draw(texts.Usual, 3_000, new Random(7)) };
        ServedText[] all = [.. few.Usual, .. few.OutOfScope, .. few.German];
        var positions = all.Index().ToDictionary(text => text.Item, text => text.Index, ReferenceEqualityComparer.Instance as IEqualityComparer<ServedText>);
        var distances = PairwiseDistances.Of(Samples.Of(few.Usual.Select(text => text.Vector), all.Skip(few.Usual.Count).Select(text => text.Vector)));
        var table = new Table($"independent queries, alpha .05, {trials} trials: MMD / coverage", "n = 200", "n = 500", "n = 1,000");
        foreach (var (name, change) in Changes(few))
        {
            table.Add([name, .. new[] { 200, 500, 1_000 }.Select(n => Single(n, change))]);
        }

        table.Write(output);

        string Single(int n, Func<IReadOnlyList<ServedText>, Random, IReadOnlyList<ServedText>> change)
        {
            var covered = 0;
            var bandwidth = QueryBaseline.Of([.. few.Usual.Select(t => t.Vector)], [.. few.Usual.Select(t => t.BestScore)]).Bandwidth;
            var found = DriftBenchmark.Share(trials, random =>
            {
                var drawn = Traffic.Draw(few.Usual, 2 * n, random);
                double[] scores = [.. drawn.Take(n).Select(text => text.BestScore).Order()];
                var threshold = scores[n / 20];
                var now = change([.. drawn.Skip(n)], random);
                if (FisherExactTest.Greater(now.Count(text => text.BestScore < threshold), n, scores.Count(score => score < threshold), n) <= .05)
                {
                    Interlocked.Increment(ref covered);
                }

                var selected = distances.Select([.. drawn.Take(n).Select(text => positions[text])], [.. now.Select(text => positions[text])]);
                return MaximumMeanDiscrepancy.Of(selected, bandwidth).Permute([.. Enumerable.Range(0, 2 * n)], 199, seed: 1).P <= .05;
            });
            return $"{DriftBenchmark.Text(found)} / {DriftBenchmark.Text(covered / (double)trials)}";
        }
    }

    private static void Days(TextWriter output, DriftTexts texts, Traffic traffic, int trials)
    {
        var table = new Table(
            $"days, alpha .01, {PastDays} past days, {trials} trials", "MMD t", "MMD above all", "coverage t", "suspected", "confirmed", "above all twice");
        (string, Func<Random, IReadOnlyList<ServedText>>)[] days =
        [
            ("5 intents, 200 queries", random => traffic.DayOfTopics(5, 200, random)),
            ("20 intents, 200 queries", random => traffic.DayOfTopics(20, 200, random)),
            ("40 sessions of 5", random => traffic.DayOfSessions(40, 5, random)),
            ("200 of all", random => Traffic.Draw(traffic.Usual, 200, random)),
            ("500 of all", random => Traffic.Draw(traffic.Usual, 500, random)),
        ];
        foreach (var (name, day) in days)
        {
            foreach (var (shift, change) in Changes(texts))
            {
                AddDays(table, $"{name}; {shift}", traffic, random => day(random), change, trials);
            }
        }

        table.Write(output);
    }

    private static void AddDays(
        Table table,
        string name,
        Traffic traffic,
        Func<Random, IReadOnlyList<ServedText>> day,
        Func<IReadOnlyList<ServedText>, Random, IReadOnlyList<ServedText>> change,
        int trials)
    {
        var counts = new int[6];
        Parallel.For(0, trials, trial =>
        {
            var random = new Random(trial + 1);
            var past = Enumerable.Range(0, PastDays).Select(d => Traffic.Day(d, day(random))).ToList();
            var today = Traffic.Day(PastDays, change(day(random), random));
            var next = Traffic.Day(PastDays + 1, change(day(random), random));
            var options = new QueryDriftOptions { Seed = trial };
            var result = QueryDrift.Judge(today, next, past, traffic.Baseline, options, traffic.KernelOf);
            var least = 1.0 / (1 + PastDays) + 1e-9;
            Count(0, result.Today!.Discrepancy.P <= .005);
            Count(1, result.Today.Discrepancy.RankP <= least);
            Count(2, result.Today.Coverage.P <= .005);
            Count(3, result.Verdict is DriftVerdict.Suspected or DriftVerdict.Confirmed);
            Count(4, result.Verdict is DriftVerdict.Confirmed);
            var second = QueryDrift.Judge(next, null, past, traffic.Baseline, options, traffic.KernelOf);
            Count(5, result.Today.Discrepancy.RankP <= least && second.Today!.Discrepancy.RankP <= least);
        });
        table.Add([name, .. counts.Select(count => Table.Text(count / (double)trials, "F3"))]);

        void Count(int column, bool found)
        {
            if (found)
            {
                Interlocked.Increment(ref counts[column]);
            }
        }
    }

    private static IEnumerable<(string Name, Func<IReadOnlyList<ServedText>, Random, IReadOnlyList<ServedText>> Change)> Changes(DriftTexts texts)
    {
        yield return ("no drift", (day, _) => day);
        yield return ("5 % out of scope", (day, random) => Traffic.Replaced(day, texts.OutOfScope, .05, random));
        yield return ("10 % out of scope", (day, random) => Traffic.Replaced(day, texts.OutOfScope, .1, random));
        yield return ("20 % out of scope", (day, random) => Traffic.Replaced(day, texts.OutOfScope, .2, random));
        yield return ("one domain doubled", (day, random) => Traffic.Replaced(day, [.. texts.Usual.Where(text => text.Text.Domain == "banking")], .1, random));
        yield return ("5 % German", (day, random) => Traffic.Replaced(day, texts.German, .05, random));
        yield return ("10 % German", (day, random) => Traffic.Replaced(day, texts.German, .1, random));
    }
}
