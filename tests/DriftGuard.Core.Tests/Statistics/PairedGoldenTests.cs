using System.Text.Json;
using DriftGuard.Core.Statistics;
using DriftGuard.Core.Tests.Goldens;

namespace DriftGuard.Core.Tests.Statistics;

public class PairedGoldenTests
{
    private const string File = "paired-tests.json";
    private const double Tolerance = 1e-9;

    private static readonly Dictionary<string, JsonElement> Cases = Golden.Cases(File);

    public static TheoryData<string> Names => Golden.Names(File);

    public static TheoryData<string> SignFlipNames =>
        [.. Cases.Where(golden => golden.Value.GetProperty("expected").TryGetProperty("sign_flip", out _)).Select(golden => golden.Key)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Students_t_agrees_with_scipy_and_mpmath(string name)
    {
        var golden = Cases[name];
        var (alpha, delta) = (golden.GetProperty("alpha").GetDouble(), golden.GetProperty("delta").GetDouble());
        var expected = golden.GetProperty("expected");
        var t = expected.GetProperty("t");
        var test = PairedTTest.Of(golden.GetProperty("diffs").Doubles());

        test.Pairs.ShouldBe(expected.GetProperty("n").GetInt32());
        Golden.ShouldAgree(test.Mean, expected.GetProperty("mean_diff").GetDouble(), Tolerance, "mean");
        Golden.ShouldAgree(test.StandardDeviation, expected.GetProperty("sd_diff").NumberOrNull(), Tolerance, "sd");
        Golden.ShouldAgree(test.StandardError, expected.GetProperty("se_diff").NumberOrNull(), Tolerance, "se");
        Golden.ShouldAgree(test.LowerBound(alpha), t.GetProperty("lower_bound").NumberOrNull(), Tolerance, "lower bound");
        Golden.ShouldAgree(test.Statistic(), t.GetProperty("t_stat").NumberOrNull(), Tolerance, "t");
        Golden.ShouldAgree(test.Statistic(-delta), t.GetProperty("t_stat_shifted").NumberOrNull(), Tolerance, "t shifted");
        PShouldAgree(test.PTwoSided(), t.GetProperty("p_two_sided").NumberOrNull(), "p two-sided");
        PShouldAgree(test.PGreater(), t.GetProperty("p_greater").NumberOrNull(), "p greater");
        PShouldAgree(test.PGreater(-delta), t.GetProperty("p_noninferiority").NumberOrNull(), "p non-inferiority");
        (test.LowerBound(alpha) > -delta).ShouldBe(t.GetProperty("pass").GetBoolean());
        if (test.Pairs > 1)
            Golden.ShouldAgree(StudentDistribution.Quantile(1 - alpha, test.Pairs - 1), t.GetProperty("t_critical").GetDouble(), Tolerance, "t critical");
    }

    [Theory]
    [MemberData(nameof(SignFlipNames))]
    public void Sign_flips_count_exactly(string name)
    {
        var golden = Cases[name];
        var delta = golden.GetProperty("delta").GetDouble();
        var expected = golden.GetProperty("expected").GetProperty("sign_flip");
        var differences = golden.GetProperty("diffs").Doubles();

        Counts("greater", SignFlipTest.Exact(differences, twoSided: false));
        Counts("two_sided", SignFlipTest.Exact(differences, twoSided: true));
        Counts("noninferiority", SignFlipTest.Exact([.. differences.Select(difference => difference + delta)], twoSided: false));

        void Counts(string alternative, SignFlipResult actual)
        {
            actual.Total.ShouldBe(expected.GetProperty("total").GetInt64());
            actual.Hits.ShouldBe(expected.GetProperty($"count_{alternative}").GetInt64(), alternative);
            actual.P.ShouldBe(expected.GetProperty($"p_{alternative}").GetDouble(), Tolerance);
        }
    }

    private static void PShouldAgree(double? actual, double? expected, string what)
    {
        Golden.ShouldAgree(actual, expected, Tolerance, what);
        if (expected is > 0 and < 1e-9 && actual is { } p)
            Math.Abs(p - expected.Value).ShouldBeLessThanOrEqualTo(1e-6 * expected.Value, what);
    }
}
