using System.Text.Json;
using DriftGuard.Cli.Shell;
using DriftGuard.Cli.Tests.Commands.Drift;
using DriftGuard.Core.Calibration.Power;
using DriftGuard.Core.Text;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Calibration;

namespace DriftGuard.Cli.Tests.Commands.Calibration;

/// <summary>Sets built, looked through, divided and added to from the command line, with the sets and models that come along.</summary>
public sealed class CalibrationSetCommandTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("driftguard-cli-calibration-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_table_becomes_a_set_that_evaluate_takes()
    {
        using var index = await CheckedIndex.CopyAsync();
        var set = CalibrationSetFolder.Load(CheckedIndex.SetFolder);
        var table = string.Concat(set.Queries.Take(100).Select(query => DelimitedText.Write(';', query.Text, set.Qrels[query.Id].Keys.Single(), "login") + "\r\n"));
        await File.WriteAllTextAsync(PathOf("t.csv"), "\uFEFFquestion;article;topic\r\n" + table, Cancellation);

        var init = await Run("init", "tickets", "--from", PathOf("t.csv"), "--into", PathOf("sets"), "--document-column", "article", "--slice", "topic", "--output", "json");
        var evaluated = await index.RunAsync("evaluate", CheckedIndex.Index, "--calibration-set", PathOf("sets/tickets"), "--output", "json");

        init.Code.ShouldBe(ExitCode.Success, init.Error);
        init.Json.GetProperty("format").GetString().ShouldBe("csv");
        init.Json.GetProperty("slices").EnumerateArray().Select(slice => slice.GetString()).ShouldBe(["topic"]);
        init.Json.GetProperty("languages").EnumerateObject().Select(language => language.Name).ShouldBe(["en"]);
        init.Json.GetProperty("lint").GetProperty("queries").GetInt32().ShouldBe(99, "two rows have one text");
        evaluated.Code.ShouldBe(ExitCode.Success, evaluated.Error);
        evaluated.Json.GetProperty("queries").GetArrayLength().ShouldBe(99);
        evaluated.Json.GetProperty("labels").GetProperty("missing").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task What_is_wrong_with_a_source_is_told_and_nothing_is_written()
    {
        await File.WriteAllTextAsync(PathOf("t.csv"), "query,doc_id\na,d1\n\"b,d2\n", Cancellation);

        var run = await Run("init", "tickets", "--from", PathOf("t.csv"), "--into", PathOf("sets"));

        run.Code.ShouldBe(ExitCode.Usage);
        run.Error.ShouldContain("t.csv:3: opens a quotation mark that is never closed.");
        Directory.EnumerateFileSystemEntries(PathOf("sets")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ExitCode.NotFound, "there is no file or folder", "init", "x", "--from", "nothing.csv")]
    [InlineData(ExitCode.Usage, "cannot be the name of a set", "init", "../x", "--from", "nothing.csv")]
    [InlineData(ExitCode.NotFound, "there is no calibration set 'nothing'", "lint", "nothing")]
    [InlineData(ExitCode.Usage, "expected a number between 0 and 1", "lint", "xquad-en", "--difference", "3")]
    [InlineData(ExitCode.Usage, "expected two models", "lint", "xquad-en", "--models", "one")]
    [InlineData(ExitCode.Usage, "nothing was searched", "lint", "xquad-en", "--export-holes", "holes.csv")]
    [InlineData(ExitCode.Usage, "what is added?", "add", "xquad-en")]
    [InlineData(ExitCode.Usage, "--query needs --relevant", "add", "xquad-en", "--query", "what")]
    [InlineData(ExitCode.Usage, "expected NAME=VALUE", "add", "xquad-en", "--query", "what", "--relevant", "p0001", "--field", "lang")]
    [InlineData(ExitCode.Usage, "no query of calibration set 'xquad-en' has a field 'topic'", "split", "xquad-en", "--into", "a", "b", "--by", "topic")]
    public async Task Bad_input_gets_one_clear_error(ExitCode code, string message, params string[] arguments)
    {
        var run = await Run(arguments);

        run.Code.ShouldBe(code, run.Out + run.Error);
        run.Error.ShouldContain(message);
    }

    [Fact]
    public async Task A_shipped_set_is_looked_through_without_an_installation()
    {
        var run = await CommandLineRun.Of(["calibration", "lint", "xquad-en", "--data", PathOf("none"), "--difference", ".04"], Cancellation);

        run.Code.ShouldBe(ExitCode.Success, run.Error);
        run.Out.ShouldContain("xquad-en: 1190 queries in 240 groups");
        run.Out.ShouldContain("warning duplicate_queries: 10 queries share 5 texts");
        run.Out.ShouldContain("0.040");
        Directory.Exists(PathOf("none")).ShouldBeFalse();
    }

    [Fact]
    public async Task Two_models_are_measured_and_the_typical_spread_is_of_that_order()
    {
        var run = await Run("lint", "xquad-en", "--models", "static-wordpiece-128,all-minilm-l6-v2-int8", "--output", "json");

        var report = run.Json.GetProperty("report");
        run.Code.ShouldBe(ExitCode.Success, run.Error);
        report.GetProperty("power").GetProperty("source").GetString().ShouldBe("measured");
        var ndcg = report.GetProperty("power").GetProperty("spreads")[1].Deserialize<DifferenceSpread>(ApiJson.Indented)!;
        ndcg.Variance.ShouldBe(.097, .01);
        ndcg.DesignEffect.ShouldBe(1.68, .15);
        (ndcg.Variance * ndcg.DesignEffect / (TypicalSpread.Spreads[1].Variance * TypicalSpread.Spreads[1].DesignEffect)).ShouldBeInRange(.3, 3);
        report.GetProperty("holes").GetArrayLength().ShouldBe(2);
        report.GetProperty("findings").EnumerateArray().Count(finding => finding.GetProperty("rule").GetString() == "holes").ShouldBe(2);
    }

    [Fact]
    public async Task Holes_of_an_index_are_exported_judged_and_gone()
    {
        using var index = await CheckedIndex.CopyAsync();
        var set = CopySet();
        var sheet = PathOf("holes.csv");

        var before = await index.RunAsync("calibration", "lint", set, "--index", CheckedIndex.Index, "--depth", "3", "--export-holes", sheet, "--output", "json");
        var table = DelimitedText.Read(await File.ReadAllTextAsync(sheet, Cancellation));
        var judged = table.Rows.Select((row, i) => DelimitedText.Write(',', [.. row.Cells.SkipLast(1), i % 2 == 0 ? "0" : ""]) + "\r\n");
        await File.WriteAllTextAsync(sheet, DelimitedText.Write(',', table.Header) + "\r\n" + string.Concat(judged), Cancellation);
        var added = await index.RunAsync("calibration", "add", set, "--judgements", sheet, "--output", "json");
        var after = await index.RunAsync("calibration", "lint", set, "--index", CheckedIndex.Index, "--depth", "3", "--output", "json");

        before.Code.ShouldBe(ExitCode.Success, before.Error);
        var holes = before.Json.GetProperty("report").GetProperty("holes")[0];
        holes.GetProperty("retrieved").GetInt32().ShouldBe(3 * 1190);
        table.Problems.ShouldBeEmpty();
        table.Rows.Count.ShouldBe(holes.GetProperty("unjudged").GetInt32());
        table.Rows.ShouldAllBe(row => row.Cells[3].Length > 0, "who judges must see the document");
        added.Code.ShouldBe(ExitCode.Success, added.Error);
        added.Json.GetProperty("judgementsAdded").GetInt32().ShouldBe((table.Rows.Count + 1) / 2);
        added.Json.GetProperty("notJudged").GetInt32().ShouldBe(table.Rows.Count / 2);
        after.Json.GetProperty("report").GetProperty("holes")[0].GetProperty("unjudged").GetInt32().ShouldBe(table.Rows.Count / 2);

        var filled = await File.ReadAllTextAsync(sheet, Cancellation);
        var again = await index.RunAsync("calibration", "lint", set, "--index", CheckedIndex.Index, "--depth", "3", "--export-holes", sheet);
        again.Code.ShouldBe(ExitCode.Conflict);
        again.Error.ShouldContain("replace it with --force");
        (await File.ReadAllTextAsync(sheet, Cancellation)).ShouldBe(filled);
        (await index.RunAsync("calibration", "lint", set, "--index", CheckedIndex.Index, "--depth", "3", "--export-holes", sheet, "--force")).Code.ShouldBe(ExitCode.Success);
        (await File.ReadAllTextAsync(sheet, Cancellation)).ShouldNotBe(filled);
        var own = await index.RunAsync("calibration", "lint", set, "--index", CheckedIndex.Index, "--export-holes", Path.Join(set, "qrels.tsv"), "--force");
        own.Code.ShouldBe(ExitCode.Usage);
        own.Error.ShouldContain("is a file of a calibration set");
    }

    [Fact]
    public async Task Stale_ids_and_a_set_of_another_corpus_are_found_with_an_index()
    {
        using var index = await CheckedIndex.CopyAsync();
        await File.WriteAllTextAsync(PathOf("t.csv"), "query,doc_id\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"question {i},nowhere-{i}\n")), Cancellation);
        await Run("init", "other", "--from", PathOf("t.csv"), "--into", PathOf("sets"));

        var run = await index.RunAsync("calibration", "lint", PathOf("sets/other"), "--index", CheckedIndex.Index);

        run.Code.ShouldBe(ExitCode.Refused, run.Error);
        run.Out.ShouldContain("error   stale_ids: none of the 50 relevant documents is in the index");
    }

    [Fact]
    public async Task A_query_by_hand_is_added_and_a_set_of_one_cannot_decide()
    {
        await File.WriteAllTextAsync(PathOf("t.csv"), "query,doc_id\nfirst,d1\n", Cancellation);
        await Run("init", "small", "--from", PathOf("t.csv"), "--into", PathOf("sets"));
        var one = await Run("lint", PathOf("sets/small"));

        var added = await Run("add", PathOf("sets/small"), "--query", "second [b]", "--relevant", "d2,d3", "--field", "lang=de");
        var again = await Run("add", PathOf("sets/small"), "--query", "Second  [b]", "--relevant", "d2");

        one.Code.ShouldBe(ExitCode.Inconclusive);
        one.Out.ShouldContain("the set has one query");
        added.Code.ShouldBe(ExitCode.Success, added.Error);
        added.Out.ShouldContain("added 1 queries and 2 judgements");
        again.Code.ShouldBe(ExitCode.Conflict);
        var query = CalibrationSetFolder.Load(PathOf("sets/small")).Queries[1];
        (query.Id, query.Text, query.Fields["lang"]).ShouldBe(("q0002", "second [b]", "de"));
    }

    [Fact]
    public async Task A_table_without_ids_adds_to_queries_of_the_same_text_and_numbers_the_others()
    {
        await File.WriteAllTextAsync(PathOf("t.csv"), "query,doc_id\nfirst,d1\nsecond,d2\n", Cancellation);
        await Run("init", "support", "--from", PathOf("t.csv"), "--into", PathOf("sets"));
        await File.WriteAllTextAsync(PathOf("more.csv"), "question,article\nthird,d3\nSECOND ,d4\nfourth,d5\n", Cancellation);

        var added = await Run("add", PathOf("sets/support"), "--queries", PathOf("more.csv"), "--query-column", "question", "--document-column", "article");

        added.Code.ShouldBe(ExitCode.Success, added.Error);
        added.Out.ShouldContain("added 2 queries and 3 judgements");
        var set = CalibrationSetFolder.Load(PathOf("sets/support"));
        set.Queries.Select(query => (query.Id, query.Text)).ShouldBe([("q0001", "first"), ("q0002", "second"), ("q0003", "third"), ("q0004", "fourth")]);
        set.Qrels["q0002"].Keys.Order(StringComparer.Ordinal).ShouldBe(["d2", "d4"]);
    }

    [Fact]
    public async Task Halves_that_are_there_are_replaced_only_where_that_was_asked()
    {
        var set = CopySet();
        await Run("split", set, "--into", "a", "b");

        var forced = await Run("split", set, "--into", "a", "b", "--seed", "2", "--force");
        var before = await File.ReadAllTextAsync(PathOf("a/queries.jsonl"), Cancellation);
        var replaced = await Run("split", set, "--into", "a", "b", "--seed", "2", "--replace");

        forced.Code.ShouldBe(ExitCode.Conflict);
        forced.Error.ShouldContain("replace it with --replace");
        replaced.Code.ShouldBe(ExitCode.Success, replaced.Error);
        (await File.ReadAllTextAsync(PathOf("a/queries.jsonl"), Cancellation)).ShouldNotBe(before);
    }

    [Fact]
    public async Task Halves_are_complete_sets_and_one_that_could_not_decide_is_refused()
    {
        var set = CopySet();

        var refused = await Run("split", set, "--into", "a", "b", "--share", ".05");
        var split = await Run("split", set, "--into", "a", "b", "--seed", "3", "--output", "json");

        refused.Code.ShouldBe(ExitCode.Refused);
        refused.Error.ShouldContain("a half could not decide");
        split.Code.ShouldBe(ExitCode.Success, split.Error);
        var (first, second) = (CalibrationSetFolder.Load(PathOf("a")), CalibrationSetFolder.Load(PathOf("b")));
        (first.Queries.Count + second.Queries.Count).ShouldBe(1190);
        first.Queries.Select(query => query.Id).Intersect(second.Queries.Select(query => query.Id), StringComparer.Ordinal).ShouldBeEmpty();
        (first.Corpus!.Count, second.Corpus!.Count, first.Header.Licence).ShouldBe((240, 240, "CC-BY-SA-4.0"));
        File.Exists(PathOf("a/README.md")).ShouldBeTrue("the licence goes with the texts");
        split.Json.GetProperty("seed").GetInt32().ShouldBe(3);
    }

    private string PathOf(string name) => Path.Join(folder.FullName, name);

    private Task<CommandLineRun> Run(params string[] arguments) => CommandLineRun.Of(["calibration", .. arguments, "--data", PathOf("data")], Cancellation);

    private string CopySet()
    {
        var set = PathOf(CheckedIndex.Set);
        Directory.CreateDirectory(set);
        foreach (var file in Directory.EnumerateFiles(CheckedIndex.SetFolder))
        {
            File.Copy(file, Path.Join(set, Path.GetFileName(file)));
        }

        return set;
    }
}
