using System.Net.Http.Json;
using System.Text.Json;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Embedding;
using DriftGuard.Core.Retrieval;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Hosting;

namespace DriftGuard.Cli.Tests.Rollouts;

/// <summary>Two real models, a rollout that waits for an approval, and questions to the gateway of <c>serve</c>.</summary>
public sealed class ShadowTrafficTests : IDisposable
{
    private const int Questions = 12;
    private const string Old = "static-wordpiece-128", New = "all-minilm-l6-v2-int8";

    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-shadow-").FullName;

    private static string Set => Path.Join(AppContext.BaseDirectory, "calibration-sets", "xquad-en");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task What_both_models_answer_is_told_over_HTTP_and_by_the_command_and_judged_into_a_set()
    {
        (await Run("rollout", "shadow", "docs")).Code.ShouldBe(ExitCode.NotFound);
        await WaitingAsync();
        (await Run("rollout", "shadow", "docs")).Out.ShouldContain("no live query was counted for docs-r1");
        (await Run("rollout", "shadow", "docs", "--limit", "-1")).Code.ShouldBe(ExitCode.Usage);

        await ServeAsync(async (client, installation) =>
        {
            var (problem, badLimit) = (await client.GetAsync(new Uri("/api/v1/rollouts/nope/shadow", UriKind.Relative)), await client.GetAsync(new Uri("/api/v1/rollouts/docs/shadow?limit=x", UriKind.Relative)));
            ((int)problem.StatusCode, (int)badLimit.StatusCode).ShouldBe((404, 400));
            var questions = File.ReadLines(Path.Join(Set, "queries.jsonl")).Take(Questions).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()! + " exactly").ToList();
            foreach (var question in questions)
            {
                using var answer = await client.PostAsJsonAsync("/v1/indexes/docs/search", new { text = question, payload = false }, Cancellation);
                answer.EnsureSuccessStatusCode();
            }

            JsonElement told;
            do
            {
                await Task.Delay(50, Cancellation);
                told = await client.GetFromJsonAsync<JsonElement>("/api/v1/rollouts/docs/shadow?limit=3", Cancellation);
            }
            while (told.GetProperty("summary").ValueKind == JsonValueKind.Null || told.GetProperty("summary").GetProperty("compared").GetInt64() < Questions);

            JsonElement.DeepEquals(told, await Json("rollout", "shadow", "docs-r1", "--limit", "3")).ShouldBeTrue(told.GetRawText());
            var overlaps = await OverlapsAsync(installation, questions);
            told.GetProperty("summary").GetProperty("overlap").GetDouble().ShouldBe(overlaps.Values.Average(), 1e-9);
            told.GetProperty("unread").ValueKind.ShouldBe(JsonValueKind.Null, told.GetRawText());
            var differences = told.GetProperty("differences").EnumerateArray().ToList();
            differences.Count.ShouldBe(3);
            differences.Select(query => query.GetProperty("overlap").GetDouble()).ShouldBe(overlaps.Values.Order().Take(3), 1e-9);
            foreach (var query in differences)
            {
                query.GetProperty("overlap").GetDouble().ShouldBe(overlaps[query.GetProperty("text").GetString()!], 1e-9);
                query.GetProperty("green").EnumerateArray().ShouldAllBe(result => result.GetProperty("excerpt").GetString()!.Length > 0);
            }
        });

        var status = await Run("rollout", "status", "docs");
        status.Out.ShouldContain("12 of 12 live queries by text were answered by both: overlap@10 ");
        var shown = (await Run("rollout", "shadow", "docs", "--limit", "1")).Out;
        shown.ShouldContain("queries by text");
        shown.ShouldContain("p50, p95 of green");
        await JudgeAsync();
    }

    private async Task JudgeAsync()
    {
        var sheet = Path.Join(folder, "judge.tsv");
        var exported = await Json("rollout", "shadow", "docs", "--export", sheet);
        (exported.GetProperty("queries").GetInt32(), exported.GetProperty("withoutText").GetInt32()).ShouldBe((Questions, 0));
        (await Run("rollout", "shadow", "docs", "--export", sheet)).Code.ShouldBe(ExitCode.Conflict, "a sheet that is there may hold grades");
        (await Run("rollout", "shadow", "docs", "--export", sheet, "--force")).Out.ShouldContain("--queries");

        // Somebody judges the first result of each query.
        var judged = new HashSet<string>(StringComparer.Ordinal);
        var lines = await File.ReadAllLinesAsync(sheet, Cancellation);
        await File.WriteAllLinesAsync(sheet, lines.Select((line, i) => i > 0 && judged.Add(line.Split('\t')[0]) ? line + "1" : line), Cancellation);
        var copy = Directory.CreateDirectory(Path.Join(folder, "own")).FullName;
        foreach (var file in Directory.GetFiles(Set))
        {
            File.Copy(file, Path.Join(copy, Path.GetFileName(file)));
        }

        await File.WriteAllTextAsync(Path.Join(copy, "set.yaml"), (await File.ReadAllTextAsync(Path.Join(copy, "set.yaml"), Cancellation)).Replace("name: xquad-en", "name: own", StringComparison.Ordinal), Cancellation);
        var added = await Json("calibration", "add", copy, "--queries", sheet);
        (added.GetProperty("queriesAdded").GetInt32(), added.GetProperty("judgementsAdded").GetInt32()).ShouldBe((Questions, Questions));
    }

    /// <summary>Both answers, asked for by hand.</summary>
    private static async Task<Dictionary<string, double>> OverlapsAsync(OpenedInstallation installation, List<string> questions)
    {
        var rollout = (await installation.State.FindRolloutAsync("docs-r1", Cancellation))!;
        var overlaps = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var question in questions)
        {
            overlaps.Add(question, AnswerDifference.Of(await FindAsync(rollout.Blue, Old), await FindAsync(rollout.Green, New), 10).Overlap);

            async Task<AnsweredPoint[]> FindAsync(string collection, string model)
            {
                var vector = (await installation.Models.Get(model).EmbedAsync([question], InputKind.Query, Cancellation))[0].Vector!;
                return [.. (await installation.Qdrant.SearchAsync(collection, new NearestQuery(vector), Cancellation)).Select(hit => new AnsweredPoint(hit.Id.ToString(), hit.Score))];
            }
        }

        return overlaps;
    }

    private Task ServeAsync(Func<HttpClient, OpenedInstallation, Task> ask) =>
        ServedInstallation.AskAsync(Path.Join(folder, "data"), new() { Shadow = new ShadowOptions { Share = 1, KeepText = true } }, ask, Cancellation);

    private async Task WaitingAsync()
    {
        (await Run("index", "create", "docs", "--model", Old, "--calibration-set", "xquad-en")).Code.ShouldBe(ExitCode.Success);
        (await Run("index", "load", "docs", Path.Join(Set, "corpus.jsonl"))).Code.ShouldBe(ExitCode.Success);
        (await Run("rollout", "start", "docs", "--to", New, "--no-preflight")).Code.ShouldBe(ExitCode.Inconclusive, "it waits for an approval");
    }

    private async Task<JsonElement> Json(params string[] arguments)
    {
        var run = await Run([.. arguments, "--output", "json"]);
        run.Code.ShouldBe(ExitCode.Success, run.Error);
        return run.Json;
    }

    private Task<CommandLineRun> Run(params string[] arguments) => CommandLineRun.Of([.. arguments, "--data", Path.Join(folder, "data")], Cancellation);
}
