using System.Globalization;
using DriftGuard.Core.Calibration.Thresholds;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Calibration.Thresholds;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Tests.Rollouts;
using Microsoft.Extensions.DependencyInjection;
using static DriftGuard.Worker.Tests.Rollouts.RolloutWorld;

namespace DriftGuard.Worker.Tests.Calibration.Thresholds;

public sealed class ThresholdServiceTests : IDisposable
{
    private static readonly ThresholdTarget Docs = new(IndexName);
    private static readonly ThresholdTarget Candidate = new(IndexName, "new");
    private static readonly ThresholdOptions Quick = new() { Resamples = 200 };

    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-thresholds-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_learned_threshold_is_served_under_its_model_and_no_other()
    {
        await using var world = await WithCorpusAsync(20);
        var thresholds = ServiceOf(world);

        var learned = await thresholds.LearnAsync(Docs, new() { File = PairsFile(60, 60) }, Quick, keep: true, null, Cancellation);

        learned.Stored.ShouldBeTrue();
        learned.Threshold!.Learned!.Figures.Recall!.Share.ShouldBeGreaterThan(.6, "pairs that share two of three words score above those that share one");
        var served = await thresholds.ServedAsync(IndexName, null, Cancellation);
        served.Fingerprint.ShouldBe(world.Old.Fingerprint.Id);
        (served.Serving, served.Model).ShouldBe((true, "old"));
        served.Thresholds.ShouldBe([ServedThreshold.Of(learned.Threshold)]);
        (await thresholds.ServedAsync(Candidate, Cancellation)).Thresholds.ShouldBeEmpty();
        (await world.State.AuditAsync(IndexName, Cancellation)).ShouldContain(entry => entry.Event == "threshold_stored" && entry.Reason == "conformal");
    }

    [Fact]
    public async Task A_dry_run_stores_nothing_and_what_was_stored_is_read_back_whole()
    {
        await using var world = await WithCorpusAsync(20);
        var thresholds = ServiceOf(world);
        var request = new PairRequest { File = PairsFile(60, 60) };

        var dry = await thresholds.LearnAsync(Docs, request, Quick, keep: false, null, Cancellation);
        (await thresholds.HistoryAsync(IndexName, Cancellation)).ShouldBeEmpty();

        var stored = await thresholds.LearnAsync(Docs, request, Quick, keep: true, null, Cancellation);
        var read = (await thresholds.HistoryAsync(IndexName, Cancellation)).Single();
        System.Text.Json.JsonSerializer.Serialize(read, ThresholdJson.Options).ShouldBe(System.Text.Json.JsonSerializer.Serialize(stored.Threshold, ThresholdJson.Options));
        read.Value.ShouldBe(dry.Threshold!.Value);
        read.Learned!.Slices.Select(slice => slice.Name).ShouldBe(["lang=a", "lang=b"]);
    }

    [Fact]
    public async Task Texts_that_cannot_be_embedded_are_counted_and_named()
    {
        await using var world = await WithCorpusAsync(20);
        var file = PairsFile(60, 60, $"1\tan {HashEmbedder.Unembeddable} text\tword\ta\n");

        var learned = await ServiceOf(world).LearnAsync(Docs, new() { File = file }, Quick, keep: false, null, Cancellation);

        learned.Pairs!.Pairs.ShouldBe(121);
        learned.Pairs.NotScored.ShouldBe(1);
        learned.Pairs.FirstNotScored.ShouldBe([$"'an {HashEmbedder.Unembeddable} text': {HashEmbedder.Refusal}"]);
        (learned.Threshold!.Learned!.LearnedPositives + learned.Threshold.Learned.Figures.Positives).ShouldBe(60);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1\ta\tb\tx\n")]
    public async Task Without_enough_pairs_nothing_is_stored_and_what_is_missing_is_said(string lines)
    {
        await using var world = await WithCorpusAsync(20);
        var file = Path.Join(folder, "few.tsv");
        await File.WriteAllTextAsync(file, "score\tsentence1\tsentence2\tlang\n" + lines, Cancellation);

        var outcome = await ServiceOf(world).LearnAsync(Docs, new() { File = file }, Quick, keep: true, null, Cancellation);

        outcome.Threshold.ShouldBeNull();
        outcome.Missing.ShouldNotBeNull().ShouldContain("0 negative where 19 are needed at alpha 0.05, add 19");
        (await ServiceOf(world).HistoryAsync(IndexName, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_set_without_pairs_is_missing_them_and_a_file_with_errors_is_refused_with_its_lines()
    {
        await using var world = await WithCorpusAsync(20);
        var bad = Path.Join(folder, "bad.tsv");
        await File.WriteAllTextAsync(bad, "score\tsentence1\tsentence2\nhigh\ta\tb\n1\ta\n", Cancellation);

        (await ServiceOf(world).LearnAsync(Docs, new(), Quick, keep: true, null, Cancellation)).Missing.ShouldNotBeNull().ShouldStartWith("calibration set 'test-set': no labelled pairs");
        var refused = await Should.ThrowAsync<OperatorException>(() => ServiceOf(world).LearnAsync(Docs, new() { File = bad }, Quick, keep: true, null, Cancellation));
        refused.Error.ShouldBe(OperatorError.Invalid);
        refused.Message.ShouldContain("bad.tsv:2: ");
        refused.Message.ShouldContain("bad.tsv:3: ");
    }

    [Fact]
    public async Task Without_pairs_a_threshold_is_carried_over_on_queries_with_relevant_and_random_documents()
    {
        await using var world = await WithCorpusAsync();
        var thresholds = ServiceOf(world);
        await thresholds.StateAsync(Docs, .6, PairKinds.QueryDocument, keep: true, Cancellation);

        var carried = await thresholds.CarryOverAsync(Candidate, new(), seed: 4, keep: true, null, Cancellation);

        var threshold = carried.Threshold.ShouldNotBeNull(carried.Missing);
        (threshold.Provisional, threshold.Method, threshold.Kinds, threshold.Model).ShouldBe((true, ThresholdMethod.QuantileMatching, PairKinds.QueryDocument, "new"));
        threshold.Matched!.Drawn.ShouldBeTrue();
        threshold.Matched.Pairs.ShouldBeGreaterThanOrEqualTo(200);
        threshold.Matched.Accepted.ShouldBeInRange(130, 160, "each of 150 queries has one document that shares its rare words, among four others");
        threshold.Interval.ShouldBeNull("queries share documents, so that all pairs hang together in one group");
        (await thresholds.CarryOverAsync(Candidate, new(), seed: 4, keep: false, null, Cancellation)).Threshold!.Value.ShouldBe(threshold.Value);
    }

    [Fact]
    public async Task Pairs_are_drawn_without_a_say_of_the_old_model()
    {
        await using var world = await WithCorpusAsync();
        var index = await world.Services.GetRequiredService<ServingIndexReader>().ReadAsync(IndexName, Cancellation);
        var set = world.Services.GetRequiredService<CalibrationSets>().Load(Set);

        var pairs = await world.Services.GetRequiredService<DrawnPairs>().DrawAsync(index, set, 3, Cancellation);

        pairs.Count.ShouldBeInRange(3 * set.Queries.Count, 5 * set.Queries.Count);
        pairs.Distinct().Count().ShouldBe(pairs.Count);
        pairs.Select(pair => pair.Second).Distinct(StringComparer.Ordinal).Count().ShouldBeGreaterThan(set.Queries.Count, "documents that answer no query are among them");
        (await ServiceOf(world).StateAsync(Docs, .6, PairKinds.DocumentDocument, keep: true, Cancellation)).Stored.ShouldBeTrue();
        (await Should.ThrowAsync<OperatorException>(() => ServiceOf(world).CarryOverAsync(Candidate, new(), 1, keep: true, null, Cancellation)))
            .Message.ShouldContain("cuts document_document scores, and calibration set 'test-set' has no pairs.tsv");
    }

    [Fact]
    public async Task A_threshold_is_not_carried_over_on_too_few_pairs_or_from_their_edge()
    {
        await using var world = await WithCorpusAsync(20);
        var thresholds = ServiceOf(world);
        await thresholds.StateAsync(Docs, .99, PairKinds.DocumentDocument, keep: true, Cancellation);

        (await thresholds.CarryOverAsync(Candidate, new() { File = PairsFile(60, 60) }, 1, keep: true, null, Cancellation)).Missing.ShouldNotBeNull()
            .ShouldContain("120 pairs scored by both models where 200 are needed, add 80");
        (await thresholds.CarryOverAsync(Candidate, new() { File = PairsFile(0, 220) }, 1, keep: true, null, Cancellation)).Missing.ShouldNotBeNull()
            .ShouldContain("accepts 0 of the 220 pairs under old, and its place among them is known only with 10 or more on each side");
        (await Should.ThrowAsync<OperatorException>(() => thresholds.CarryOverAsync(Docs, new(), 1, keep: true, null, Cancellation))).Message.ShouldContain("serves index 'docs' already");
        (await Should.ThrowAsync<OperatorException>(() => thresholds.CarryOverAsync(Candidate with { Name = "other" }, new(), 1, keep: true, null, Cancellation)))
            .Error.ShouldBe(OperatorError.NotFound);
    }

    [Theory]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public async Task A_number_that_is_no_similarity_is_refused(double value)
    {
        await using var world = await WithCorpusAsync(20);

        (await Should.ThrowAsync<OperatorException>(() => ServiceOf(world).StateAsync(Docs, value, PairKinds.DocumentDocument, keep: true, Cancellation))).Error.ShouldBe(OperatorError.Invalid);
    }

    [Fact]
    public async Task A_rollout_waits_at_its_gate_for_the_new_models_threshold_and_goes_on_once_there_is_one()
    {
        await using var world = await WithCorpusAsync();
        var thresholds = ServiceOf(world);
        await thresholds.StateAsync(Docs, .8, PairKinds.DocumentDocument, keep: true, Cancellation);

        var rollout = await world.RunAsync(await world.StartAsync(), d => d.Phase == RolloutPhase.Paused || d.Phase.IsEnd());
        rollout.Reason.ShouldBe(RolloutReason.GateBlocked, rollout.Message);
        rollout.Message.ShouldContain("driftguard calibration thresholds docs --model new --name default");

        await thresholds.LearnAsync(Candidate, new() { File = PairsFile(60, 60) }, Quick, keep: true, null, Cancellation);
        await world.AskAsync(rollout, RequestKind.Resume);
        rollout = await world.RunAsync(rollout);

        rollout.Phase.ShouldBe(RolloutPhase.Completed, rollout.Message);
        (await world.ReportAsync(rollout)).Gate!.Rows.Single(row => row.Condition == "thresholds").Message.ShouldBe("threshold 'default' known for new");
        (await thresholds.ServedAsync(IndexName, null, Cancellation)).ShouldSatisfyAllConditions(
            served => served.Fingerprint.ShouldBe(world.New.Fingerprint.Id),
            served => served.Thresholds.Single().Method.ShouldBe(ThresholdMethod.Conformal));
    }

    [Fact]
    public async Task A_withdrawn_threshold_holds_nothing_up()
    {
        await using var world = await WithCorpusAsync(20);
        var thresholds = ServiceOf(world);
        await thresholds.StateAsync(Docs, .8, PairKinds.DocumentDocument, keep: true, Cancellation);
        await thresholds.StateAsync(Docs with { Name = "faq" }, .9, PairKinds.DocumentDocument, keep: true, Cancellation);

        (await NeededAsync())!.Missing.ShouldBe(["default", "faq"]);
        await thresholds.WithdrawAsync(Candidate with { Name = "faq" }, keep: true, Cancellation);
        (await NeededAsync())!.Missing.ShouldBe(["default"]);
        (await NeededAsync())!.Withdrawn.ShouldBe(["faq"]);
        await thresholds.StateAsync(Candidate, .8, PairKinds.DocumentDocument, keep: true, Cancellation);
        (await NeededAsync()).ShouldNotBeNull().ShouldSatisfyAllConditions(seen => seen.Stated.ShouldBe(["default"]), seen => seen.Unchanged.ShouldBe(["default"]));
        await thresholds.StateAsync(Candidate, .7, PairKinds.DocumentDocument, keep: true, Cancellation);
        (await NeededAsync())!.Unchanged.ShouldBeEmpty();
        await thresholds.WithdrawAsync(Docs, keep: true, Cancellation);
        (await NeededAsync())!.Missing.ShouldBeEmpty();
        (await thresholds.ServedAsync(IndexName, null, Cancellation)).Thresholds.Select(t => t.Name).ShouldBe(["faq"]);
        (await Should.ThrowAsync<OperatorException>(() => thresholds.WithdrawAsync(Docs, keep: true, Cancellation))).Message.ShouldContain("known: faq");

        Task<Core.Gate.ThresholdEvidence?> NeededAsync() => thresholds.NeededAsync(IndexName, world.Old.Fingerprint, world.New.Fingerprint, "new", Cancellation);
    }

    private static ThresholdService ServiceOf(RolloutWorld world) => world.Services.GetRequiredService<ThresholdService>();

    /// <summary>Positive pairs share two of three words, negative ones a third of them one; a column <c>lang</c>.</summary>
    private string PairsFile(int positives, int negatives, string further = "")
    {
        var lines = Enumerable.Range(0, positives).Select(i => Line(1, i, $"red{i} green{i} p{i}", $"red{i} green{i} q{i}"))
            .Concat(Enumerable.Range(0, negatives).Select(i => Line(0, i, $"blue{i} grey{i} n{i}", i % 3 == 0 ? $"blue{i} white{i} m{i}" : $"black{i} white{i} m{i}")));
        var file = Path.Join(folder, $"pairs-{positives}-{negatives}-{further.Length}.tsv");
        File.WriteAllText(file, $"score\tsentence1\tsentence2\tlang\n{string.Concat(lines)}{further}");
        return file;

        static string Line(int score, int i, string first, string second) => string.Create(CultureInfo.InvariantCulture, $"{score}\t{first}\t{second}\t{(i % 2 == 0 ? "a" : "b")}\n");
    }
}
