using DriftGuard.Cli.Shell;
using DriftGuard.Cli.Tests.Commands.Drift;
using DriftGuard.Testing.Drift;

namespace DriftGuard.Cli.Tests.Commands.Calibration;

/// <summary>Thresholds of an index under the small model that comes along, from pairs of real requests.</summary>
public sealed class ThresholdsCommandTests
{
    [Fact]
    public async Task A_threshold_is_learned_shown_and_asked_for_by_a_plan()
    {
        using var index = await CheckedIndex.CopyAsync();
        var pairs = PairsFile(index, 100);

        var learned = await index.RunAsync("calibration", "thresholds", "docs", "--pairs", pairs, "--output", "json");
        learned.Code.ShouldBe(ExitCode.Success, learned.Error);
        var threshold = learned.Json.GetProperty("threshold");
        threshold.GetProperty("method").GetString().ShouldBe("conformal");
        threshold.GetProperty("alpha").GetDecimal().ShouldBe(.05m);
        threshold.GetProperty("learned").GetProperty("heldOut").GetBoolean().ShouldBeTrue();
        threshold.GetProperty("learned").GetProperty("figures").GetProperty("falseAccepts").GetProperty("lower").GetDouble().ShouldBeLessThan(.05);

        var shown = await index.RunAsync("calibration", "thresholds", "docs", "--show", "--output", "json");
        shown.Json.GetProperty("thresholds")[0].GetProperty("value").GetDouble().ShouldBe(threshold.GetProperty("value").GetDouble());

        var plan = await index.RunAsync("rollout", "plan", "docs", "--to", "all-minilm-l6-v2-int8");
        plan.Out.ShouldContain("threshold 'default' is not known for all-minilm-l6-v2-int8, and the gate will ask for it: driftguard calibration thresholds docs --model all-minilm-l6-v2-int8 --name default");
    }

    [Fact]
    public async Task The_table_says_what_is_accepted_how_it_was_tested_and_how_each_slice_does()
    {
        using var index = await CheckedIndex.CopyAsync();

        var run = await index.RunAsync("calibration", "thresholds", "docs", "--pairs", PairsFile(index, 100), "--dry-run");

        run.Code.ShouldBe(ExitCode.Success, run.Error);
        run.Out.ShouldContain("accept                      cosine above 0.");
        run.Out.ShouldContain("that it was not learned from");
        run.Out.ShouldContain("part=first");
        run.Out.ShouldContain("not stored (dry run)");
        (await index.RunAsync("calibration", "thresholds", "docs", "--history")).Out.ShouldBe("no threshold was ever stored for it\n");
    }

    [Fact]
    public async Task Too_few_pairs_are_inconclusive_and_say_how_many_are_missing()
    {
        using var index = await CheckedIndex.CopyAsync();

        var run = await index.RunAsync("calibration", "thresholds", "docs", "--pairs", PairsFile(index, 5));

        run.Code.ShouldBe(ExitCode.Inconclusive);
        run.Out.ShouldContain("5 negative where 19 are needed at alpha 0.05, add 14; 5 positive where 10 are needed, add 5. Nothing was stored");
    }

    [Fact]
    public async Task A_stated_number_is_stored_and_one_that_is_no_cosine_is_refused()
    {
        using var index = await CheckedIndex.CopyAsync();

        (await index.RunAsync("calibration", "thresholds", "docs", "--set", "0.8", "--name", "faq")).Code.ShouldBe(ExitCode.Success);
        (await index.RunAsync("calibration", "thresholds", "docs", "--set", "8")).ShouldSatisfyAllConditions(
            run => run.Code.ShouldBe(ExitCode.Usage),
            run => run.Error.ShouldContain("8 is no threshold for static-wordpiece-128: it is compared by cosine, which goes from -1 to 1"));
        var shown = await index.RunAsync("calibration", "thresholds", "docs", "--show");
        shown.Out.ShouldContain("faq");
        shown.Out.ShouldContain("stated");
    }

    [Theory]
    [InlineData("--set 0.8 --show", "--set and --show do not go together")]
    [InlineData("--set 0.8 --alpha .1", "--alpha means nothing with --set")]
    [InlineData("--show --dry-run", "--dry-run means nothing with --show")]
    [InlineData("--provisional --positive-from 4", "--positive-from means nothing with --provisional")]
    [InlineData("--alpha 2", "--alpha: expected a number from 0.0001 to 0.5, such as 0.05, found '2'")]
    [InlineData("--set high", "--set: expected a number, such as 0.8, found 'high'")]
    [InlineData("--method youden --alpha .1", "--alpha: Youden's threshold bounds no share")]
    [InlineData("--method best", "--method: expected conformal or youden, found 'best'")]
    public async Task A_command_line_that_makes_no_sense_says_why(string arguments, string error)
    {
        var run = await CommandLineRun.Of($"calibration thresholds docs --data /nowhere {arguments}");

        run.Code.ShouldBe(ExitCode.Usage);
        run.Error.ShouldContain(error);
    }

    [Fact]
    public async Task What_is_not_there_is_named()
    {
        using var index = await CheckedIndex.CopyAsync();

        (await index.RunAsync("calibration", "thresholds", "nope", "--show")).ShouldSatisfyAllConditions(
            run => run.Code.ShouldBe(ExitCode.NotFound), run => run.Error.ShouldContain("there is no index 'nope'; known: docs"));
        (await index.RunAsync("calibration", "thresholds", "docs", "--pairs", "nope.tsv")).ShouldSatisfyAllConditions(
            run => run.Code.ShouldBe(ExitCode.NotFound), run => run.Error.ShouldContain("nope.tsv"));
        (await index.RunAsync("calibration", "thresholds", "docs", "--withdraw")).ShouldSatisfyAllConditions(
            run => run.Code.ShouldBe(ExitCode.NotFound), run => run.Error.ShouldContain("no threshold 'default' to withdraw; known: none"));
    }

    /// <summary>Pairs of requests of one intent, and as many of two.</summary>
    private static string PairsFile(CheckedIndex index, int ofEach)
    {
        var intents = LabelledText.ClincDocuments().GroupBy(text => text.Intent, StringComparer.Ordinal).Take(ofEach).Select(intent => intent.Take(4).Select(text => text.Text).ToArray()).ToArray();
        var lines = intents.SelectMany((texts, i) => new[]
        {
            $"1\t{texts[0]}\t{texts[1]}\t{(i % 2 == 0 ? "first" : "second")}\n",
            $"0\t{texts[2]}\t{intents[(i + 1) % intents.Length][3]}\t{(i % 2 == 0 ? "first" : "second")}\n",
        });
        var file = Path.Join(index.Folder, $"pairs-{ofEach}.tsv");
        File.WriteAllText(file, $"score\tsentence1\tsentence2\tpart\n{string.Concat(lines)}");
        return file;
    }
}
