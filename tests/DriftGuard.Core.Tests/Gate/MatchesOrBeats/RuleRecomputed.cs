using MathNet.Numerics.Distributions;

namespace DriftGuard.Core.Tests.Gate.MatchesOrBeats;

/// <summary>The rule a second time, straight from its formulas and without sharing code, for tests to compare with.</summary>
internal sealed record RuleRecomputed(double Deff, double M, double V, double Se, double L, double U, double QueriesNeeded, double AttainableMargin)
{
    public static RuleRecomputed From(double[] d, int[] groups, double margin, double alpha = .05)
    {
        double n = d.Length;
        double groupCount = groups.Distinct().Count();
        var dbar = d.Average();
        var s2 = d.Select(x => Math.Pow(x - dbar, 2)).Sum() / (n - 1);
        var vc = groupCount / (groupCount - 1)
            * groups.Distinct().Select(g => Math.Pow(d.Where((_, i) => groups[i] == g).Select(x => x - dbar).Sum(), 2)).Sum() / (n * n);
        var deff = s2 > 0 ? Math.Max(1, vc / (s2 / n)) : n / groupCount;
        var ne = n / deff;
        var m = ne * dbar / (ne + 2);
        var v = (((ne * d.Select(x => x * x).Sum() / n) + 2) / (ne + 2)) - (m * m);
        var se = Math.Sqrt(v / (ne + 2));
        var t = StudentT.InvCDF(0, 1, groupCount - 1, 1 - alpha);
        return new(deff, m, v, se, m - (t * se), m + (t * se), Math.Pow(2.487 / (margin + Math.Min(0, m)), 2) * v * deff, 2.487 * Math.Sqrt(v * deff / n));
    }
}
