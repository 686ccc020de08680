using DriftGuard.Cli.Shell;

namespace DriftGuard.Cli.Tests.Rollouts;

/// <summary>What the command line says to what cannot be done.</summary>
public sealed class RefusedCommandTests : IDisposable
{
    private const string Model = "static-wordpiece-128";
    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-refused-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task An_unknown_model_is_named()
    {
        var run = await Run("index", "create", "docs", "--model", "nothing-like-it");

        run.Code.ShouldBeOneOf(ExitCode.Usage, ExitCode.NotFound);
        run.Error.ShouldContain("nothing-like-it");
    }

    [Fact]
    public async Task A_Qdrant_that_does_not_answer_is_unavailable()
    {
        var config = Path.Join(folder, "driftguard.yaml");
        await File.WriteAllTextAsync(config, "qdrant:\n  address: http://127.0.0.1:1\n", TestContext.Current.CancellationToken);

        var run = await Run("index", "create", "docs", "--model", Model, "--config", config);

        run.Code.ShouldBe(ExitCode.Unavailable, run.Error);
        run.Error.ShouldContain("127.0.0.1:1");
    }

    [Fact]
    public async Task A_corpus_with_mistakes_writes_nothing_and_lists_them_all()
    {
        var corpus = Path.Join(folder, "corpus.jsonl");
        await File.WriteAllLinesAsync(
            corpus, ["""{"id": "a", "text": "one"}""", """{"id": "a", "text": "two"}""", """{"id": "b", "text": " "}""", "[]"], TestContext.Current.CancellationToken);
        (await Run("index", "create", "docs", "--model", Model)).Code.ShouldBe(ExitCode.Success);

        var run = await Run("index", "load", "docs", corpus);

        run.Code.ShouldBe(ExitCode.Usage);
        run.Error.ShouldContain("3 problem(s), nothing was written");
        run.Error.ShouldContain($"{corpus}:2: document id repeats that of line 1");
        run.Error.ShouldContain($"{corpus}:3: document 'b' has an empty text");
        run.Error.ShouldContain($"{corpus}:4:");
        (await Run("index", "show", "docs", "--output", "json")).Json.GetProperty("points").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_second_index_of_a_name_is_a_conflict()
    {
        (await Run("index", "create", "docs", "--model", Model)).Code.ShouldBe(ExitCode.Success);

        (await Run("index", "create", "docs", "--model", Model)).Code.ShouldBe(ExitCode.Conflict);
    }

    [Fact]
    public async Task A_collection_under_the_name_of_the_index_is_a_conflict()
    {
        (await Run("index", "create", "docs", "--model", Model)).Code.ShouldBe(ExitCode.Success);
        var collection = (await Run("index", "show", "docs", "--output", "json")).Json.GetProperty("collection").GetString()!;

        var run = await Run("index", "create", collection, "--model", Model);

        run.Code.ShouldBe(ExitCode.Conflict);
        run.Error.ShouldContain("there can be no alias of that name");
    }

    [Fact]
    public async Task A_collection_of_another_dimension_is_not_adopted()
    {
        (await Run("index", "create", "docs", "--model", Model)).Code.ShouldBe(ExitCode.Success);
        var collection = (await Run("index", "show", "docs", "--output", "json")).Json.GetProperty("collection").GetString()!;

        var run = await Run("index", "create", "other", "--model", "all-minilm-l6-v2-int8", "--collection", collection);

        run.Code.ShouldBe(ExitCode.Usage);
        run.Error.ShouldContain("128 dimensions");
        run.Error.ShouldContain("384");
    }

    private Task<CommandLineRun> Run(params string[] arguments) =>
        CommandLineRun.Of([.. arguments, "--data", Path.Join(folder, "data")], TestContext.Current.CancellationToken);
}
