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

        run.Code.ShouldBe(ExitCode.NotFound);
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
            corpus, ["""{"id": "a", "text": "one"}""", """{"id": "a", "text": "two"}""", """{"id": "b", "text": " "}""", "[]", """{"id": "c", "text": "x", "n": 1e400}"""], TestContext.Current.CancellationToken);
        (await Run("index", "create", "docs", "--model", Model)).Code.ShouldBe(ExitCode.Success);

        var run = await Run("index", "load", "docs", corpus);

        run.Code.ShouldBe(ExitCode.Usage);
        run.Error.ShouldContain("4 problem(s), nothing was written");
        run.Error.ShouldContain($"{corpus}:2: document id repeats that of {corpus}:1");
        run.Error.ShouldContain($"{corpus}:3: document 'b' has an empty text");
        run.Error.ShouldContain($"{corpus}:4:");
        run.Error.ShouldContain($"{corpus}:5: not a usable JSON object: 1e400 is too large for a 64-bit float");
        (await Run("index", "show", "docs", "--output", "json")).Json.GetProperty("points").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_text_that_no_load_can_embed_stays_listed_by_its_own_id_until_one_does()
    {
        var corpus = Path.Join(folder, "corpus.jsonl");
        await File.WriteAllLinesAsync(corpus, ["""{"id": "a", "text": "one"}""", """{"id": "zw", "text": "\u200b"}"""], TestContext.Current.CancellationToken);
        (await Run("index", "create", "docs", "--model", Model)).Code.ShouldBe(ExitCode.Success);

        var run = await Run("index", "load", "docs", corpus);

        run.Code.ShouldBe(ExitCode.Refused);
        run.Out.ShouldContain("document 'zw': no character of the text is one the tokenizer keeps");
        var listed = (await Run("index", "show", "docs", "--output", "json")).Json.GetProperty("notLoaded").EnumerateArray().ShouldHaveSingleItem();
        listed.GetProperty("reason").GetString()!.ShouldContain("document 'zw'");

        await File.WriteAllLinesAsync(corpus, ["""{"id": "zw", "text": "mended"}"""], TestContext.Current.CancellationToken);
        (await Run("index", "load", "docs", corpus)).Code.ShouldBe(ExitCode.Success);
        (await Run("index", "show", "docs", "--output", "json")).Json.GetProperty("notLoaded").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_corpus_in_another_encoding_is_refused_by_line()
    {
        var corpus = Path.Join(folder, "latin1.jsonl");
        await File.WriteAllBytesAsync(corpus, [.. "{\"id\": \"a\", \"text\": \"caf"u8, 0xE9, .. "\"}\n"u8], TestContext.Current.CancellationToken);
        (await Run("index", "create", "docs", "--model", Model)).Code.ShouldBe(ExitCode.Success);

        var run = await Run("index", "load", "docs", corpus);

        run.Code.ShouldBe(ExitCode.Usage);
        run.Error.ShouldContain("not valid UTF-8");
    }

    [Fact]
    public async Task A_calibration_set_of_another_corpus_is_not_scored()
    {
        (await Run("index", "create", "docs", "--model", Model)).Code.ShouldBe(ExitCode.Success);

        var run = await Run("evaluate", "docs", "--calibration-set", "xquad-en");

        run.Code.ShouldBe(ExitCode.Inconclusive);
        run.Error.ShouldContain("inconclusive: none of the 240 relevant documents of calibration set 'xquad-en' is in docs-");
    }

    [Fact]
    public async Task A_collection_without_the_text_field_and_one_that_is_served_already_are_not_adopted()
    {
        var corpus = Path.Join(folder, "corpus.jsonl");
        await File.WriteAllLinesAsync(corpus, ["""{"id": "a", "text": "one"}"""], TestContext.Current.CancellationToken);
        (await Run("index", "create", "docs", "--model", Model)).Code.ShouldBe(ExitCode.Success);
        (await Run("index", "load", "docs", corpus)).Code.ShouldBe(ExitCode.Success);
        var collection = (await Run("index", "show", "docs", "--output", "json")).Json.GetProperty("collection").GetString()!;

        var misspelt = await Run("index", "create", "other", "--model", Model, "--collection", collection, "--text-field", "body");
        var second = await Run("index", "create", "other", "--model", Model, "--collection", collection);

        misspelt.Code.ShouldBe(ExitCode.Usage);
        misspelt.Error.ShouldContain("under payload key 'body'");
        misspelt.Error.ShouldContain("text");
        second.Code.ShouldBe(ExitCode.Conflict);
        second.Error.ShouldContain("is served as index 'docs' already");
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
