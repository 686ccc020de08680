using System.Text.Json;
using System.Xml.Linq;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Diagnosis;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Drift;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;
using PointId = DriftGuard.Core.Points.PointId;

namespace DriftGuard.Cli.Tests.Commands.Drift;

/// <summary>Checks of a real index from the command line: what they print, keep and end with.</summary>
public sealed class DriftCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sound_index_ends_with_0_and_the_answers_come_first()
    {
        using var index = await CheckedIndex.CopyAsync();

        var run = await index.RunAsync("drift", "check", CheckedIndex.Index);

        run.Code.ShouldBe(ExitCode.Success, run.Out + run.Error);
        run.Out.ShouldStartWith("What happened?  ");
        run.Out.ShouldMatch(@"\nmodel +none +probes_beyond_tolerance 0 ");
        run.Out.ShouldContain("cause nothing, ");
        run.Out.ShouldNotContain("\u001b");
        run.Error.ShouldContain("detector quality: 1 of 1");
    }

    [Fact]
    public async Task Only_the_detectors_asked_for_run_and_the_seed_is_that_of_the_report()
    {
        using var index = await CheckedIndex.CopyAsync();

        var run = await index.RunAsync("drift", "check", CheckedIndex.Index, "--detector", "schema,index", "--detector", "model", "--sample", "50", "--seed", "-7", "--output", "json");

        run.Code.ShouldBe(ExitCode.Success, run.Error);
        run.Json.GetProperty("detectors").EnumerateArray().Select(d => d.GetProperty("detector").GetString()).ShouldBe(["schema", "model", "index"]);
        run.Json.GetProperty("seed").GetInt32().ShouldBe(-7);
        run.Json.GetProperty("detectors")[2].GetProperty("samples").GetProperty("embedded_again").GetInt32().ShouldBe(50);
    }

    [Fact]
    public async Task What_is_printed_as_JSON_is_the_report_that_was_kept()
    {
        using var index = await CheckedIndex.CopyAsync();
        var file = Path.Join(index.Folder, "report.json");

        var made = await index.RunAsync("drift", "check", CheckedIndex.Index, "--detector", "model", "--output", "json");
        var id = made.Json.GetProperty("id").GetString()!;
        var kept = await index.RunAsync("drift", "explain", id, "--json", file, "--output", "json");

        kept.Code.ShouldBe(ExitCode.Success, kept.Error);
        kept.Out.ShouldBe(made.Out);
        (await File.ReadAllTextAsync(file, Cancellation)).ShouldBe(made.Out);
        JsonSerializer.Serialize(DriftJson.Read(made.Out), DriftJson.Indented).ShouldBe(made.Out.TrimEnd('\n'));
    }

    [Fact]
    public async Task An_edited_text_is_found_told_and_explained()
    {
        using var index = await CheckedIndex.CopyAsync();
        await index.DamageAsync(engine => EditAsync(engine.Installation.Qdrant, 3));

        var check = await index.RunAsync("drift", "check", CheckedIndex.Index, "--detector", "index");
        var page = Path.Join(index.Folder, "report.html");
        var explained = await index.RunAsync("drift", "explain", CheckedIndex.Index, "--html", page);

        check.Code.ShouldBe(ExitCode.Refused, check.Out);
        check.Out.ShouldContain("cause text_edited_without_vector, certain; drift of docs: confirmed");
        check.Out.ShouldMatch(@"\nquality +", "what was not asked for runs as well once something drifts");
        explained.Code.ShouldBe(ExitCode.Success, explained.Error);
        explained.Out.ShouldMatch(@"\ntext edited +3, of 3 looked at 3 ");
        XDocument.Parse((await File.ReadAllTextAsync(page, Cancellation))["<!DOCTYPE html>".Length..]).Root!.Name.LocalName.ShouldBe("html");
    }

    [Fact]
    public async Task An_alias_that_was_pointed_elsewhere_by_hand_is_named()
    {
        using var index = await CheckedIndex.CopyAsync();
        await index.DamageAsync(async engine =>
        {
            var qdrant = engine.Installation.Qdrant;
            var blue = (await qdrant.AliasesAsync(Cancellation)).TargetOf(CheckedIndex.Index)!;
            await qdrant.CreateCollectionAsync("restored", (await qdrant.FindCollectionAsync(blue, Cancellation))!.Schema, Cancellation);
            await qdrant.ChangeAliasesAsync([new AliasChange.Create(CheckedIndex.Index, "restored")], Cancellation);
        });

        var run = await index.RunAsync("drift", "check", CheckedIndex.Index, "--output", "json");

        run.Code.ShouldBe(ExitCode.Refused, run.Out);
        run.Json.GetProperty("diagnosis").GetProperty("cause").GetString().ShouldBe(DriftJson.Word(DriftCause.AliasRepointed));
    }

    [Fact]
    public async Task History_lists_reports_newest_first_and_what_a_detector_found_over_time()
    {
        using var index = await CheckedIndex.CopyAsync();
        await index.DamageAsync(engine => EditAsync(engine.Installation.Qdrant, 1));
        await index.RunAsync("drift", "check", CheckedIndex.Index, "--detector", "index");

        var all = await index.RunAsync("drift", "history", "--since", "1h", "--output", "json");
        var one = await index.RunAsync("drift", "history", CheckedIndex.Index, "--limit", "1");
        var ofIndex = await index.RunAsync("drift", "history", CheckedIndex.Index, "--detector", "index");
        var later = await index.RunAsync("drift", "history", CheckedIndex.Index, "--since", "2099-01-01");

        all.Json.EnumerateArray().Select(report => report.GetProperty("verdict").GetString()).ShouldBe(["confirmed", "none"]);
        one.Out.ShouldContain("text_edited_without_vector");
        one.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2, "a heading and a report");
        ofIndex.Out.ShouldContain("statistic, oldest to newest, 0 to 0: __");
        later.Out.ShouldStartWith("no drift reports");
    }

    [Fact]
    public async Task A_baseline_is_taken_shown_and_listed()
    {
        using var index = await CheckedIndex.CopyAsync();

        var taken = await index.RunAsync("drift", "baseline", CheckedIndex.Index, "--output", "json");
        var listed = await index.RunAsync("drift", "baseline", CheckedIndex.Index, "--list", "--output", "json");

        taken.Code.ShouldBe(ExitCode.Success, taken.Error);
        taken.Json.GetProperty("calibrationSet").GetString().ShouldBe(CheckedIndex.Set);
        taken.Json.GetProperty("means").GetProperty("recall_cap@10").GetDouble().ShouldBeInRange(.5, 1);
        listed.Json.EnumerateArray().Select(b => b.GetProperty("kind").GetString()).ShouldBe(["requested", "first_check"]);
        listed.Json[0].GetProperty("id").GetString().ShouldBe(taken.Json.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Queries_that_another_model_embedded_are_warned_of()
    {
        using var index = await CheckedIndex.CopyAsync();
        var log = Path.Join(index.Folder, "queries.jsonl");
        var turned = Enumerable.Range(0, 128).Select(i => i % 2 == 0 ? 1.0 : -1.0).ToArray();
        await File.WriteAllLinesAsync(
            log, [JsonSerializer.Serialize(new { text = "which team won", at = DateTimeOffset.UtcNow.AddDays(-1) }), JsonSerializer.Serialize(new { text = "who built it", vector = turned }), JsonSerializer.Serialize(new { text = "too old", at = "2020-01-01T00:00:00Z" })], Cancellation);

        var run = await index.RunAsync("drift", "import", CheckedIndex.Index, log);

        run.Code.ShouldBe(ExitCode.Success, run.Error);
        run.Out.ShouldContain("read 3 queries of docs: 2 kept, 0 beyond the random part of their day that is kept, 0 repeated, 1 of days that are not kept any more, 0 that the model does not embed");
        run.Out.ShouldContain("1 of 1 query vectors are not those that the index' model gives for their texts");
    }

    [Theory]
    [InlineData("drift check nothing-like-it")]
    [InlineData("drift history nothing-like-it")]
    [InlineData("drift explain nothing-like-it")]
    [InlineData("drift baseline nothing-like-it")]
    [InlineData("drift baseline nothing-like-it --list")]
    [InlineData("drift import nothing-like-it queries.jsonl")]
    public async Task An_unknown_index_is_named(string arguments)
    {
        var folder = Directory.CreateTempSubdirectory("driftguard-cli-drift-");

        var run = await CommandLineRun.Of([.. arguments.Split(' '), "--data", Path.Join(folder.FullName, "data")], Cancellation);
        folder.Delete(recursive: true);

        run.Code.ShouldBe(ExitCode.NotFound, run.Error);
        run.Error.ShouldContain("'nothing-like-it'");
    }

    [Theory]
    [InlineData("drift check docs --detector modle", "error: --detector: expected schema or model or index or quality or data, found 'modle'")]
    [InlineData("drift check docs --sample 0", "error: --sample: expected a whole number from 1 to 1000000, found '0'")]
    [InlineData("drift check docs --seed x", "error: --seed: expected a whole number from -2147483648 to 2147483647, found 'x'")]
    [InlineData("drift history docs --since yesterday", "error: --since: expected a duration such as 7d, or a date or time such as 2026-11-01, found 'yesterday'")]
    [InlineData("drift history docs --limit many", "error: --limit: expected a whole number from 1 to 10000, found 'many'")]
    [InlineData("drift history --detector model", "error: --detector: of which index? Its history is that of one index")]
    public async Task A_bad_option_is_said(string arguments, string error)
    {
        var run = await CommandLineRun.Of(arguments);

        run.Code.ShouldBe(ExitCode.Usage);
        run.Error.Split('\n')[0].ShouldBe(error);
    }

    [Fact]
    public async Task Help_of_a_check_says_what_its_exit_codes_mean()
    {
        var run = await CommandLineRun.Of("drift check --help");

        run.Out.ShouldContain("\n    0  nothing found\n");
        run.Out.ShouldContain("\n    4  drift suspected or confirmed\n");
        run.Out.ShouldContain("\n    7  not enough data to say\n");
    }

    [Theory]
    [InlineData(DriftVerdict.None, ExitCode.Success)]
    [InlineData(DriftVerdict.Suspected, ExitCode.Refused)]
    [InlineData(DriftVerdict.Confirmed, ExitCode.Refused)]
    [InlineData(DriftVerdict.Failed, ExitCode.Unavailable)]
    [InlineData(DriftVerdict.InsufficientData, ExitCode.Inconclusive)]
    public void Each_verdict_has_its_exit_code(DriftVerdict verdict, ExitCode code) => Cli.Commands.Drift.DriftWords.CodeOf(verdict).ShouldBe(code);

    private static async Task EditAsync(QdrantStore qdrant, int documents)
    {
        var page = await qdrant.ScrollAsync(CheckedIndex.Index, PointId.First, documents, ReadShape.Ids, cancellationToken: Cancellation);
        await qdrant.SetPayloadAsync(
            CheckedIndex.Index, PointSelection.Of(page.Points.Select(WireForms.IdOf)), new MapField<string, Value> { ["text"] = new() { StringValue = "<script>alert('edited')</script>" } }, Cancellation);
    }
}
