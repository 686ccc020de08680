using DriftGuard.Core.Gate.MatchesOrBeats;

namespace DriftGuard.Testing.Gate;

/// <summary>How often the rule lets a candidate pass whose true difference is known.</summary>
public static class GateSimulation
{
    /// <summary>The share of drawn calibration sets that pass, for each population.</summary>
    /// <param name="populations">The populations.</param>
    /// <param name="queries">Queries of a drawn set.</param>
    /// <param name="margin">The rule's margin.</param>
    /// <param name="difference">The true difference.</param>
    /// <param name="trials">Sets drawn from each population.</param>
    /// <param name="seed">Seed of the draws.</param>
    public static IReadOnlyList<double> PassRates(
        IReadOnlyList<TiltedPopulation> populations, int queries, double margin, double difference, int trials, int seed)
    {
        var rates = new double[populations.Count];
        var options = new MatchesOrBeatsOptions { Margin = margin };
        Parallel.For(0, populations.Count, p =>
        {
            var draw = populations[p].At(difference);
            var random = new Random(HashCode(seed, p, queries));
            var passed = 0;
            for (var trial = 0; trial < trials; trial++)
            {
                var (old, @new, groups) = draw.Draw(queries, random);
                passed += MatchesOrBeatsRule.Compare(old, @new, groups, options).Verdict.Passes() ? 1 : 0;
            }

            rates[p] = passed / (double)trials;
        });
        return rates;
    }

    // Not System.HashCode, whose values differ from process to process.
    private static int HashCode(int seed, int population, int queries) => ((((seed * 397) ^ population) * 397) ^ queries) & int.MaxValue;
}
