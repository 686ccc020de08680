using System.Globalization;
using System.Text.Json;
using DriftGuard.Core.Statistics.Thresholds;
using DriftGuard.Core.Tests.Goldens;

namespace DriftGuard.Core.Tests.Statistics.Thresholds;

public class ThresholdGoldenTests
{
    private const string File = "thresholds.json";
    private const double Tolerance = 1e-12;

    private static readonly Dictionary<string, JsonElement> Cases = Golden.Cases(File);

    public static TheoryData<string> Names => Golden.Names(File);

    [Theory]
    [MemberData(nameof(Names))]
    public void Curves_agree_with_scikit_learn(string name)
    {
        var (curve, expected) = (Curve(name), Cases[name].GetProperty("expected"));

        curve.Positives.ShouldBe(expected.GetProperty("positives").GetInt32());
        curve.Negatives.ShouldBe(expected.GetProperty("negatives").GetInt32());
        curve.Points.Count.ShouldBe(expected.GetProperty("distinct_scores").GetInt32());
        Golden.ShouldAgree(curve.Auc(), expected.GetProperty("roc_auc").NumberOrNull(), Tolerance, "area");
        Golden.ShouldAgree(curve.AveragePrecision(), expected.GetProperty("average_precision").GetDouble(), Tolerance, "average precision");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_best_thresholds_are_the_scores_that_exact_arithmetic_gives(string name)
    {
        var (curve, expected) = (Curve(name), Cases[name].GetProperty("expected"));

        ShouldBeBest(curve.Youden(), expected.GetProperty("youden"), "j");
        ShouldBeBest(curve.F1(), expected.GetProperty("f1"), "best");
        ShouldBeBest(curve.Accuracy(), expected.GetProperty("accuracy"), "best");
        Golden.ShouldAgree(curve.AccuracyOfNone(), expected.GetProperty("accuracy").GetProperty("reject_all").GetDouble(), Tolerance, "none accepted");
        (curve.AccuracyOfNone() > curve.Accuracy().Best).ShouldBe(expected.GetProperty("accuracy").GetProperty("reject_all_better").GetBoolean());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Conformal_thresholds_on_positives_have_their_rank_in_decimals(string name)
    {
        var (scores, labels) = Read(name);
        foreach (var golden in Cases[name].GetProperty("expected").GetProperty("conformal").EnumerateArray())
        {
            var positives = scores.Where((_, i) => labels[i]).ToList();
            var (rank, cut) = ConformalThreshold.OnPositives(positives, decimal.Parse(golden.GetProperty("alpha").GetString()!, CultureInfo.InvariantCulture));

            positives.Count.ShouldBe(golden.GetProperty("n").GetInt32());
            rank.ShouldBe(golden.GetProperty("k").GetInt32());
            (cut is null).ShouldBe(golden.GetProperty("accept_all").GetBoolean());
            (cut?.Value).ShouldBe(golden.GetProperty("tau").NumberOrNull());
            scores.Where((score, i) => labels[i] && (cut?.Accepts(score) ?? true)).Count().ShouldBe(golden.GetProperty("accepted_positives").GetInt32());
            scores.Where((score, i) => !labels[i] && (cut?.Accepts(score) ?? true)).Count().ShouldBe(golden.GetProperty("accepted_negatives").GetInt32());
        }
    }

    private static void ShouldBeBest(BestThreshold? actual, JsonElement expected, string measure)
    {
        (actual is null).ShouldBe(expected.ValueKind == JsonValueKind.Null);
        if (actual is null)
            return;
        Golden.ShouldAgree(actual.Best, expected.GetProperty(measure).GetDouble(), Tolerance, measure);
        actual.Threshold.ShouldBe(expected.GetProperty("threshold").NumberOrNull());
        actual.AllOptimal.ShouldBe(expected.GetProperty("all_optimal").Doubles());
    }

    private static RocCurve Curve(string name)
    {
        var (scores, labels) = Read(name);
        return RocCurve.Of(scores, labels);
    }

    private static (double[] Scores, bool[] Labels) Read(string name) =>
        (Cases[name].GetProperty("scores").Doubles(), [.. Cases[name].GetProperty("labels").Doubles().Select(label => label == 1)]);
}
