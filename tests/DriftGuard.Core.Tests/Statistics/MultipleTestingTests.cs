using System.Text.Json;
using DriftGuard.Core.Statistics;
using DriftGuard.Core.Tests.Goldens;

namespace DriftGuard.Core.Tests.Statistics;

public class MultipleTestingTests
{
    private const string File = "multiple-testing.json";

    private static readonly Dictionary<string, JsonElement> Cases = Golden.Cases(File);

    public static TheoryData<string> Names => Golden.Names(File);

    [Theory]
    [MemberData(nameof(Names))]
    public void Adjusted_p_values_and_rejections_agree_with_statsmodels(string name)
    {
        var golden = Cases[name];
        var p = golden.GetProperty("p").Doubles();

        Agree(golden, "holm", MultipleTesting.Holm(p));
        Agree(golden, "bh", MultipleTesting.BenjaminiHochberg(p));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-.1)]
    [InlineData(1.1)]
    public void What_is_no_probability_is_refused(double p)
    {
        Should.Throw<ArgumentException>(() => MultipleTesting.Holm([.5, p])).Message.ShouldContain("p-value 1 is");
        Should.Throw<ArgumentException>(() => MultipleTesting.BenjaminiHochberg([.5, p]));
    }

    private static void Agree(JsonElement golden, string method, IReadOnlyList<double> adjusted)
    {
        var expected = golden.GetProperty("expected").GetProperty(method);
        var reference = expected.GetProperty("adjusted").Doubles();
        adjusted.Count.ShouldBe(reference.Length);
        for (var i = 0; i < reference.Length; i++)
            Math.Abs(adjusted[i] - reference[i]).ShouldBeLessThanOrEqualTo(1e-12 * Math.Max(reference[i], double.Epsilon), $"{method} {i}");
        adjusted.Select(p => MultipleTesting.Rejects(p, golden.GetProperty("alpha").GetDouble()))
            .ShouldBe(expected.GetProperty("reject").EnumerateArray().Select(reject => reject.GetBoolean()));
    }
}
