using System.Text.Json;
using DriftGuard.Core.Statistics.TwoSample;
using DriftGuard.Core.Tests.Goldens;

namespace DriftGuard.Core.Tests.Statistics.TwoSample;

public class TwoSampleGoldenTests
{
    private const string File = "drift-stats.json";
    private const double Tolerance = 1e-9;

    private static readonly Dictionary<string, JsonElement> Vectors = Golden.Cases(File, "vector_cases");
    private static readonly Dictionary<string, JsonElement> Scalars = Golden.Cases(File, "scalar_cases");

    public static TheoryData<string> VectorNames => [.. Vectors.Keys];

    public static TheoryData<string> ScalarNames => [.. Scalars.Keys];

    public static TheoryData<string> PermutedNames => [.. Vectors.Keys.Where(name => Expected(Vectors[name], "permutation_exact") is not null)];

    public static TheoryData<string> SampledNames => [.. Vectors.Keys.Where(name => Expected(Vectors[name], "permutation_monte_carlo") is not null)];

    [Theory]
    [MemberData(nameof(VectorNames))]
    public void Distances_of_vectors_agree_with_plain_sums(string name)
    {
        var golden = Vectors[name];
        var distances = PairwiseDistances.Of(SamplesOf(golden));
        var expected = golden.GetProperty("expected");

        var median = distances.Median();
        Golden.ShouldAgree(median, expected.GetProperty("median_distance").GetDouble(), Tolerance, "median");
        if (Expected(golden, "mmd") is { } mmd)
            Agrees(mmd, distances, median);
        if (Expected(golden, "mmd_fixed_sigma") is { } atFixed)
            Agrees(atFixed, distances, golden.GetProperty("fixed_sigma").GetDouble());
        Golden.ShouldAgree(CentroidDistance.Cosine(distances.Samples), expected.GetProperty("centroid_cosine_distance").NumberOrNull(), Tolerance, "centroid");
        var energy = EnergyDistance.Of(distances);
        var reference = expected.GetProperty("energy");
        Golden.ShouldAgree(energy.Squared, reference.GetProperty("squared").GetDouble(), Tolerance, "energy");
        if (reference.GetProperty("squared").GetDouble() > 1e-9)
            Golden.ShouldAgree(energy.Distance, reference.GetProperty("distance").GetDouble(), Tolerance, "energy distance");
        Golden.ShouldAgree(
            energy.SquaredUnbiased, reference.TryGetProperty("squared_unbiased", out var unbiased) ? unbiased.NumberOrNull() : null, Tolerance, "energy unbiased");
    }

    [Theory]
    [MemberData(nameof(PermutedNames))]
    public void All_splits_are_counted_exactly(string name)
    {
        var golden = Vectors[name];
        var distances = PairwiseDistances.Of(SamplesOf(golden));
        var expected = Expected(golden, "permutation_exact")!.Value;
        if (expected.GetProperty("mmd_count").NumberOrNull() is not { } count)
            return;

        var actual = MaximumMeanDiscrepancy.Of(distances, distances.Median()).PermuteExactly(Independent(distances.Samples));

        actual.Hits.ShouldBe((long)count);
        actual.Total.ShouldBe(expected.GetProperty("splits").GetInt64());
        actual.P.ShouldBe(expected.GetProperty("mmd_p").GetDouble(), Tolerance);
    }

    [Theory]
    [MemberData(nameof(SampledNames))]
    public void Random_splits_come_as_near_as_999_can(string name)
    {
        var golden = Vectors[name];
        var distances = PairwiseDistances.Of(SamplesOf(golden));
        var expected = Expected(golden, "permutation_monte_carlo")!.Value;
        if (expected.GetProperty("mmd_p").NumberOrNull() is not { } p)
            return;

        var actual = MaximumMeanDiscrepancy.Of(distances, distances.Median()).Permute(Independent(distances.Samples), 999, seed: 7);

        actual.P.ShouldBe(p, expected.GetProperty("tolerance_999").GetDouble());
        actual.ShouldBe(MaximumMeanDiscrepancy.Of(distances, distances.Median()).Permute(Independent(distances.Samples), 999, seed: 7));
    }

    [Theory]
    [MemberData(nameof(VectorNames))]
    public void Components_of_vectors_are_compared_one_by_one(string name)
    {
        var golden = Vectors[name];
        var samples = SamplesOf(golden);
        var expected = golden.GetProperty("expected");
        for (var component = 0; component < samples.Rows[0].Length; component++)
        {
            Agrees(
                expected.GetProperty("ks")[component], expected.GetProperty("wasserstein1")[component],
                EmpiricalDistributions.Of(
                    [.. samples.Rows.Take(samples.First).Select(row => row[component])], [.. samples.Rows.Skip(samples.First).Select(row => row[component])]));
        }
    }

    [Theory]
    [MemberData(nameof(ScalarNames))]
    public void Numbers_are_compared(string name)
    {
        var golden = Scalars[name];
        var expected = golden.GetProperty("expected");

        Agrees(
            expected.GetProperty("ks"), expected.GetProperty("wasserstein1"),
            EmpiricalDistributions.Of(golden.GetProperty("x").Doubles(), golden.GetProperty("y").Doubles()));
    }

    private static void Agrees(JsonElement expected, PairwiseDistances distances, double bandwidth)
    {
        var actual = MaximumMeanDiscrepancy.Of(distances, bandwidth).Measure();
        Golden.ShouldAgree(actual.Squared, expected.GetProperty("mmd2_unbiased").GetDouble(), Tolerance, "mmd");
        Golden.ShouldAgree(actual.MeanFirst, expected.GetProperty("mean_kxx").GetDouble(), Tolerance, "kxx");
        Golden.ShouldAgree(actual.MeanSecond, expected.GetProperty("mean_kyy").GetDouble(), Tolerance, "kyy");
        Golden.ShouldAgree(actual.MeanBetween, expected.GetProperty("mean_kxy").GetDouble(), Tolerance, "kxy");
    }

    private static void Agrees(JsonElement ks, JsonElement wasserstein, EmpiricalDistributions actual)
    {
        Golden.ShouldAgree(actual.KolmogorovSmirnov, ks.GetProperty("statistic").GetDouble(), Tolerance, "D");
        Golden.ShouldAgree(actual.ExactP(), ks.GetProperty("p_exact").GetDouble(), Tolerance, "exact p");
        Golden.ShouldAgree(actual.AsymptoticP(), ks.GetProperty("p_asymptotic").GetDouble(), Tolerance, "asymptotic p");
        Golden.ShouldAgree(actual.Wasserstein, wasserstein.GetDouble(), Tolerance, "Wasserstein");
    }

    private static JsonElement? Expected(JsonElement golden, string member) =>
        golden.GetProperty("expected").TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static int[] Independent(Samples samples) => [.. Enumerable.Range(0, samples.Rows.Count)];

    private static Samples SamplesOf(JsonElement golden) => Samples.Of(
        golden.GetProperty("x").EnumerateArray().Select(row => row.Doubles()), golden.GetProperty("y").EnumerateArray().Select(row => row.Doubles()));
}
