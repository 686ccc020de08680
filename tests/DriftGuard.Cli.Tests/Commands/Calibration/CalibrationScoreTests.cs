using System.Xml.Linq;
using DriftGuard.Cli.Shell;
using DriftGuard.Cli.Tests.Commands.Drift;
using DriftGuard.Worker.Evaluation;

namespace DriftGuard.Cli.Tests.Commands.Calibration;

/// <summary>Scores and comparisons of a real index and real models from the command line.</summary>
public sealed class CalibrationScoreTests
{
    private const string Candidate = "all-minilm-l6-v2-int8";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_score_is_shown_kept_and_read_again()
    {
        using var index = await CheckedIndex.CopyAsync();
        var (page, file) = (Path.Join(index.Folder, "score.html"), Path.Join(index.Folder, "score.json"));

        var made = await index.RunAsync("calibration", "score", CheckedIndex.Index, "--html", page, "--json", file, "--output", "json");
        var listed = await index.RunAsync("evaluation", "list", CheckedIndex.Index);
        var shown = await index.RunAsync("evaluation", "show", CheckedIndex.Index, "--queries", "1");
        var again = await index.RunAsync("evaluation", "show", made.Json.GetProperty("id").GetString()!, "--output", "json");

        made.Code.ShouldBe(ExitCode.Success, made.Error);
        var report = EvaluationJson.Read(made.Out);
        report.Old.Means[0].ShouldBe(.914, .01);
        report.Old.Intervals[0]!.Lower.ShouldBeInRange(.88, report.Old.Means[0]);
        report.Examples!.Weakest[0].OldResults[0].Excerpt.ShouldNotBeNullOrEmpty();
        (await File.ReadAllTextAsync(file, Cancellation)).ShouldBe(made.Out);
        again.Out.ShouldBe(made.Out);
        XDocument.Parse((await File.ReadAllTextAsync(page, Cancellation))["<!DOCTYPE html>".Length..]).Descendants("h1").Single().Value.ShouldBe("Evaluate of docs: scored");
        listed.Out.ShouldMatch(@"docs +evaluate +scored +- +docs-");
        shown.Out.ShouldStartWith("scored: recall_cap@10 0.9");
        shown.Out.ShouldMatch(@"recall_cap@10 +static-wordpiece-128 +0\.9\d+ +0\.8\d+ to 0\.9");
        shown.Out.ShouldContain("queries that score least");
    }

    [Fact]
    public async Task A_better_candidate_is_found_before_anything_is_created_and_a_worse_one_too()
    {
        using var index = await CheckedIndex.CopyAsync();
        var page = Path.Join(index.Folder, "compare.html");

        var better = await index.RunAsync("calibration", "compare", CheckedIndex.Index, CheckedIndex.Index, $"model:{Candidate}", "--html", page, "--margin", "0.02");
        var kept = await index.RunAsync("evaluation", "show", CheckedIndex.Index, "--output", "json");

        better.Code.ShouldBe(ExitCode.Success, better.Out + better.Error);
        better.Out.ShouldStartWith($"better: {Candidate} beats static-wordpiece-128: recall_cap@10 +0.0");
        better.Out.ShouldContain("queries that lost most");
        better.Error.ShouldContain($"embedding xquad-en with {Candidate}: 1,430 of 1,430");
        XDocument.Parse((await File.ReadAllTextAsync(page, Cancellation))["<!DOCTYPE html>".Length..]).Descendants("h1").Single().Value.ShouldBe("Compare of docs: better");
        var report = EvaluationJson.Read(kept.Out);
        (report.Kind, report.Comparisons[0].Result.Margin, report.New!.ExactOnly).ShouldBe(("compare", .02, true));
        report.Examples!.MostImproved[0].NewResults!.ShouldContain(result => result.Judgement == DocumentJudgement.Relevant && result.Excerpt != null);
    }

    [Fact]
    public async Task The_verdict_decides_the_exit_code()
    {
        using var index = await CheckedIndex.CopyAsync();
        var worseSet = Worsened(index.Folder);

        var same = await index.RunAsync("calibration", "compare", "xquad-en", "model:static-wordpiece-128", "static-wordpiece-128");
        var collection = (await index.RunAsync("index", "show", CheckedIndex.Index, "--output", "json")).Json.GetProperty("collection").GetString();
        var stored = await index.RunAsync("calibration", "compare", "set:xquad-en", $"collection:{collection}", $"collection:{collection}@static-wordpiece-128", "--rule", "point");
        var few = await index.RunAsync("calibration", "compare", worseSet, "model:static-wordpiece-128", $"collection:{collection}");

        same.Code.ShouldBe(ExitCode.Success, same.Error);
        same.Out.ShouldStartWith("no_change: ");
        same.Out.ShouldContain("not kept, since no index is involved");
        (stored.Code, stored.Out.Split(':')[0]).ShouldBe((ExitCode.Success, "no_change"));
        few.Code.ShouldBe(ExitCode.Refused, few.Out);
        few.Out.ShouldStartWith("worse: static-wordpiece-128 is worse");
        few.Out.ShouldContain("the sides search 40 and 240 documents");
    }

    [Theory]
    [InlineData(ExitCode.NotFound, "there is no index and no model 'nothing'; indexes: docs", "xquad-en", "docs", "nothing")]
    [InlineData(ExitCode.NotFound, "no model is named 'docs'", "xquad-en", "docs", "model:docs")]
    [InlineData(ExitCode.NotFound, "there is no collection 'nothing'", "xquad-en", "docs", "collection:nothing")]
    [InlineData(ExitCode.NotFound, "there is no calibration set 'nothing'", "nothing", "docs", "docs")]
    [InlineData(ExitCode.NotFound, "there is no index 'xquad-en'", "index:xquad-en", "docs", "docs")]
    [InlineData(ExitCode.Usage, "makes 384: it cannot be the model that made them", "xquad-en", "docs", "collection:docs@all-minilm-l6-v2-int8")]
    [InlineData(ExitCode.Usage, "--metric: 'nonsense' is not a retrieval metric", "xquad-en", "docs", "docs", "--metric", "nonsense")]
    [InlineData(ExitCode.Usage, "--margin: expected a number between 0 and 1", "xquad-en", "docs", "docs", "--margin", "3")]
    public async Task What_makes_no_sense_is_refused_with_what_would(ExitCode code, string message, params string[] arguments)
    {
        using var index = await CheckedIndex.CopyAsync();

        var run = await index.RunAsync(["calibration", "compare", .. arguments]);

        run.Code.ShouldBe(code, run.Out + run.Error);
        run.Error.ShouldContain(message);
    }

    [Fact]
    public async Task A_name_that_means_two_things_must_be_said_which()
    {
        using var index = await CheckedIndex.CopyAsync();
        (await index.RunAsync("index", "create", Candidate, "--model", CheckedIndex.Model)).Code.ShouldBe(ExitCode.Success);
        (await index.RunAsync("index", "create", "xquad-de", "--model", CheckedIndex.Model)).Code.ShouldBe(ExitCode.Success);

        var side = await index.RunAsync("calibration", "compare", "xquad-en", "docs", Candidate);
        var set = await index.RunAsync("calibration", "compare", "xquad-de", "docs", "docs");

        (side.Code, set.Code).ShouldBe((ExitCode.Usage, ExitCode.Usage));
        side.Error.ShouldContain($"'{Candidate}' is an index and a model: write index:{Candidate} or model:{Candidate}");
        set.Error.ShouldContain("'xquad-de' is an index and a calibration set: write index:xquad-de or set:xquad-de");
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_named()
    {
        using var index = await CheckedIndex.CopyAsync();
        var nowhere = Path.Join(index.Folder, "no", "folder.html");

        var run = await index.RunAsync("evaluate", CheckedIndex.Index, "--html", nowhere);

        run.Code.ShouldBe(ExitCode.Usage);
        run.Error.ShouldContain($"{nowhere} cannot be written");
    }

    [Fact]
    public async Task What_was_never_kept_is_not_found()
    {
        using var index = await CheckedIndex.CopyAsync();

        (await index.RunAsync("evaluation", "show", CheckedIndex.Index)).Code.ShouldBe(ExitCode.NotFound);
        (await index.RunAsync("evaluation", "list", "nothing")).Code.ShouldBe(ExitCode.NotFound);
        (await index.RunAsync("evaluation", "list", CheckedIndex.Index)).Out.ShouldStartWith("no evaluations");
    }

    /// <summary>A set of the first forty paragraphs and their queries: searched among two hundred and forty, they are harder to find.</summary>
    private static string Worsened(string folder)
    {
        var set = Directory.CreateDirectory(Path.Join(folder, "few")).FullName;
        var documents = File.ReadLines(Path.Join(CheckedIndex.SetFolder, "corpus.jsonl")).Take(40).ToList();
        var ids = documents.ConvertAll(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!).ToHashSet();
        var judged = File.ReadLines(Path.Join(CheckedIndex.SetFolder, "qrels.tsv")).Skip(1).Select(line => line.Split('\t')).Where(judgement => ids.Contains(judgement[1])).ToList();
        var asked = judged.Select(judgement => judgement[0]).ToHashSet();
        File.WriteAllLines(Path.Join(set, "corpus.jsonl"), documents);
        File.WriteAllLines(Path.Join(set, "qrels.tsv"), judged.Select(judgement => string.Join('\t', judgement)).Prepend("query-id\tcorpus-id\tscore"));
        File.WriteAllLines(Path.Join(set, "queries.jsonl"), File.ReadLines(Path.Join(CheckedIndex.SetFolder, "queries.jsonl")).Where(line => asked.Contains(System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!)));
        File.WriteAllText(Path.Join(set, "set.yaml"), "name: few\nid_field: id\n");
        return set;
    }
}
