using System.Globalization;
using DriftGuard.Testing.Gate;

namespace DriftGuard.Benchmarks.Gate;

/// <summary>
/// What the gate's rule lets pass, by the number of queries: candidates that are truly worse by the margin, equal ones, and ones better by
/// the margin, drawn from real per-query differences. Markdown, as the calibration sets' README has it.
/// </summary>
internal static class GateBenchmark
{
    private const int Seed = 20_261_125;

    private static readonly int[] Sizes = [20, 50, 100, 200, 500, 1_000, 2_000];

    public static void Run(TextWriter output, bool quick)
    {
        var trials = quick ? 200 : 2_000;
        foreach (var (whole, name) in new[] { (true, "queries in their groups"), (false, "each query a group of its own") })
        {
            var populations = TiltedPopulation.All(whole);
            foreach (var margin in new[] { .03, .05 })
            {
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"margin {margin:.00}, {name}: {populations.Count} populations, {trials:N0} sets each, seed {Seed}; mean [worst population]\n"));
                output.WriteLine($"| n = | {string.Join(" | ", Sizes.Select(n => n.ToString("N0", CultureInfo.InvariantCulture)))} |");
                output.WriteLine($"|---|{string.Concat(Sizes.Select(_ => "---|"))}");
                Row("worse by the margin, passes", -margin, rates => $"{rates.Average():.000} [{rates.Max():.000}]");
                Row("equal, passes", 0, rates => $"{rates.Average():.00} [{rates.Min():.00}]");
                Row("better by the margin, passes", margin, rates => $"{rates.Average():.00} [{rates.Min():.00}]");
                output.WriteLine();

                void Row(string what, double difference, Func<IReadOnlyList<double>, FormattableString> text) => output.WriteLine(
                    $"| {what} | {string.Join(" | ", Sizes.Select(n => FormattableString.Invariant(text(GateSimulation.PassRates(populations, n, margin, difference, trials, Seed)))))} |");
            }
        }
    }
}
