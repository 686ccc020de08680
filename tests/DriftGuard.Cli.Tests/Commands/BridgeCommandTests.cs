using System.Text.Json;
using DriftGuard.Cli.Shell;
using DriftGuard.Cli.Tests.Commands.Drift;

namespace DriftGuard.Cli.Tests.Commands;

/// <summary>Bridges from the command line, between real models.</summary>
public sealed class BridgeCommandTests
{
    private const string Index = "requests";
    private const string Next = "all-minilm-l6-v2-int8";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bridge_is_fitted_shown_and_ended()
    {
        using var installation = await CheckedIndex.CopyAsync();
        var set = await WriteRequestsAsync(installation.Folder);
        (await installation.RunAsync("index", "create", Index, "--model", CheckedIndex.Model, "--calibration-set", set)).Code.ShouldBe(ExitCode.Success);
        (await installation.RunAsync("index", "load", Index, Path.Join(set, "corpus.jsonl"))).Code.ShouldBe(ExitCode.Success);

        var fitted = await installation.RunAsync("bridge", "fit", Index, "--model", Next);
        var shown = await installation.RunAsync("bridge", "show", Index, "--output", "json");
        var doctor = await installation.RunAsync("doctor");
        var ended = await installation.RunAsync("bridge", "end", Index);
        var again = await installation.RunAsync("bridge", "end", Index);
        var after = await installation.RunAsync("bridge", "show", Index);

        fitted.Code.ShouldBe(ExitCode.Success, fitted.Out + fitted.Error);
        fitted.Out.ShouldContain($"queries of {Next} (384 dimensions) into {Index}-");
        fitted.Out.ShouldMatch(@"ridge(, chosen)? +0\.\d+ +\d+ that choose");
        fitted.Out.ShouldContain("It is temporary");
        fitted.Out.ShouldContain($"next: driftguard rollout start {Index} --to {Next}");
        shown.Code.ShouldBe(ExitCode.Success, shown.Error);
        shown.Json.GetProperty("inUse").GetBoolean().ShouldBeTrue();
        shown.Json.GetProperty("report").GetProperty("verdict").GetString().ShouldBe("serves");
        doctor.Out.ShouldContain($"index {Index}, bridge");
        ended.Code.ShouldBe(ExitCode.Success, ended.Error);
        (again.Code, again.Error.Trim()).ShouldBe((ExitCode.NotFound, $"error: index '{Index}' has no bridge in use"));
        after.Out.ShouldMatch(@"status +ended \d{4}-");
    }

    [Fact]
    public async Task What_cannot_be_decided_says_what_is_missing()
    {
        using var installation = await CheckedIndex.CopyAsync();

        var few = await installation.RunAsync("bridge", "fit", CheckedIndex.Index, "--model", Next);
        var none = await installation.RunAsync("bridge", "show", CheckedIndex.Index);
        var unknown = await installation.RunAsync("bridge", "show", "nothing");
        var same = await installation.RunAsync("bridge", "fit", CheckedIndex.Index, "--model", CheckedIndex.Model);

        few.Code.ShouldBe(ExitCode.Inconclusive, few.Out + few.Error);
        few.Error.ShouldContain("inconclusive: 240 of 240 documents drawn from");
        none.Code.ShouldBe(ExitCode.NotFound);
        none.Error.ShouldContain("no bridge was ever fitted for index 'docs'");
        unknown.Code.ShouldBe(ExitCode.NotFound);
        same.Code.ShouldBe(ExitCode.Usage);
    }

    /// <summary>Some requests of each intent, and every third query: enough to fit and to decide on, and few enough to be embedded at once.</summary>
    private static async Task<string> WriteRequestsAsync(string folder)
    {
        const int EachLabel = 8, EveryNth = 3;
        var source = Path.Join(AppContext.BaseDirectory, "calibration-sets", "clinc150");
        var set = Directory.CreateDirectory(Path.Join(folder, "requests-set")).FullName;
        var corpus = (await File.ReadAllLinesAsync(Path.Join(source, "corpus.jsonl"), Cancellation)).GroupBy(line => Field(line, "label"), StringComparer.Ordinal).SelectMany(label => label.Take(EachLabel)).ToList();
        var queries = (await File.ReadAllLinesAsync(Path.Join(source, "queries.jsonl"), Cancellation)).Where((_, i) => i % EveryNth == 0).ToList();
        var (documents, asked) = (corpus.Select(line => Field(line, "id")).ToHashSet(StringComparer.Ordinal), queries.Select(line => Field(line, "id")).ToHashSet(StringComparer.Ordinal));
        var qrels = (await File.ReadAllLinesAsync(Path.Join(source, "qrels.tsv"), Cancellation)).Where((line, i) => i == 0 || (line.Split('\t') is var cells && asked.Contains(cells[0]) && documents.Contains(cells[1])));
        await File.WriteAllTextAsync(Path.Join(set, "set.yaml"), "name: requests-set\nid_field: id\n", Cancellation);
        await File.WriteAllLinesAsync(Path.Join(set, "corpus.jsonl"), corpus, Cancellation);
        await File.WriteAllLinesAsync(Path.Join(set, "queries.jsonl"), queries, Cancellation);
        await File.WriteAllLinesAsync(Path.Join(set, "qrels.tsv"), qrels, Cancellation);
        return set;
    }

    private static string Field(string line, string name)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty(name).GetString()!;
    }
}
