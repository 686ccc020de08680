using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Thresholds;
using DriftGuard.Core.Statistics.Thresholds;
using DriftGuard.Embedding;
using DriftGuard.State;
using DriftGuard.Testing.Drift;
using DriftGuard.Testing.Models;
using DriftGuard.Worker.Calibration.Thresholds;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Tests.Models;
using Microsoft.Data.Sqlite;

namespace DriftGuard.Worker.Tests.Calibration.Thresholds;

/// <summary>What a threshold is worth after a change of model, on real texts and real models.</summary>
public sealed class ThresholdTransferTests
{
    private static readonly ThresholdOptions Youden = new() { Method = ThresholdMethod.Youden, Resamples = 100 };

    [Fact]
    public async Task From_MiniLM_to_e5_a_threshold_is_worthless_matching_mends_most_and_learning_the_rest()
    {
        var (files, sets) = (Environment.GetEnvironmentVariable("DRIFTGUARD_E5_MODEL_DIR"), Environment.GetEnvironmentVariable("DRIFTGUARD_STS_DIR"));
        Assert.SkipWhen(string.IsNullOrEmpty(files), "set DRIFTGUARD_E5_MODEL_DIR to a folder with model.onnx and vocab.txt of e5-small-v2 (int8)");
        Assert.SkipWhen(string.IsNullOrEmpty(sets), "set DRIFTGUARD_STS_DIR to a folder with sts-en/pairs.tsv, the test part of the STS benchmark");
        var pairs = PairLines.Read("pairs.tsv", await File.ReadAllTextAsync(Path.Join(sets, "sts-en", "pairs.tsv")), out _, out var problems);
        problems.ShouldBeEmpty();
        var folder = Directory.CreateTempSubdirectory("driftguard-e5-");
        try
        {
            ModelCopy.OfE5(files, folder.FullName);

            var f1 = await TransferAsync(Shipped("all-minilm-l6-v2-int8"), folder.FullName, pairs, new() { PositiveFrom = 4, Kinds = PairKinds.QueryQuery });
            // Measured on all pairs, each number at its best there: .42, .72, .74. A half with 169 positives has a standard error of .026.
            f1.Raw.ShouldBe(.42, .05);
            f1.Matched.ShouldBe(.72, .05);
            f1.Learned.ShouldBe(.74, .05);
            f1.RawFalseAccepts.ShouldBeGreaterThan(.9, "under the old number nearly everything means the same");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task From_MiniLM_to_the_static_model_an_old_number_lets_through_what_it_was_to_keep_out()
    {
        var documents = LabelledText.ClincDocuments().GroupBy(text => text.Intent, StringComparer.Ordinal).Select(intent => intent.Take(8).Select(text => text.Text).ToArray()).ToArray();
        List<LabelledPair> pairs = [];
        for (var i = 0; i < documents.Length; i++)
        {
            // Each text once: the same intent, and another one.
            pairs.AddRange([new(1, documents[i][0], documents[i][1]), new(1, documents[i][2], documents[i][3])]);
            pairs.AddRange([new(0, documents[i][4], documents[(i + 1) % documents.Length][5]), new(0, documents[i][6], documents[(i + 7) % documents.Length][7])]);
        }

        var f1 = await TransferAsync(Shipped("all-minilm-l6-v2-int8"), Shipped("static-wordpiece-128"), pairs, new());
        // Two standard errors of a share of 150 are .06 at most.
        f1.Before.ShouldBe(.94, .06);
        f1.Raw.ShouldBe(.69, .06);
        f1.Matched.ShouldBe(.87, .06);
        f1.Learned.ShouldBe(.87, .06);
        f1.RawFalseAccepts.ShouldBe(.89, .06);
    }

    /// <summary>F1 on the half of the pairs that no threshold was learned from: under the old model, then under the new one by the old number, by equal shares, learned again.</summary>
    private static async Task<(double Before, double Raw, double Matched, double Learned, double RawFalseAccepts)> TransferAsync(
        string from, string to, IReadOnlyList<LabelledPair> pairs, PairRules rules)
    {
        var kinds = rules.Kinds ?? PairKinds.DocumentDocument;
        var (old, @new) = (await ScoresAsync(from, pairs, kinds), await ScoresAsync(to, pairs, kinds));
        var (labels, groups) = (PairLabels.Of(pairs, rules, out _)!.Labels, PairGroups.Of(pairs));
        var (before, after) = (Learn(old), Learn(@new));
        var test = PairHalves.Of(Scored(@new), Youden.Seed).Test;
        var (raw, matched) = (CutFigures.Of(before.Cut, test), CutFigures.Of(QuantileMatching.Match(old, @new, before.Cut)!.Value, test));
        return (before.Figures.F1!.Value, raw.F1!.Value, matched.F1!.Value, after.Figures.F1!.Value, raw.FalseAccepts!.Share);

        LearnedThreshold Learn(double[] scores) => ThresholdLearner.Learn(Scored(scores), Youden, out _)!;
        List<ScoredPair> Scored(double[] scores) => [.. scores.Select((score, i) => new ScoredPair(score, labels[i]!.Value, groups[i], pairs[i].Fields))];
    }

    private static async Task<double[]> ScoresAsync(string folder, IReadOnlyList<LabelledPair> pairs, PairKinds kinds)
    {
        using var model = EmbeddingModel.Open(folder);
        var state = Directory.CreateTempSubdirectory("driftguard-transfer-");
        try
        {
            using var loaded = new LoadedModel(model, await StateStore.OpenAsync(Path.Join(state.FullName, "state.db"), TimeProvider.System, TestContext.Current.CancellationToken), new(TimeProvider.System));
            return [.. (await PairScorer.ScoreAsync(new RememberingEmbedder(loaded), pairs, kinds, null, TestContext.Current.CancellationToken)).Scores.Select(score => score!.Value)];
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            state.Delete(recursive: true);
        }
    }

    private static string Shipped(string model) => Path.Join(AppContext.BaseDirectory, "models", model);
}
