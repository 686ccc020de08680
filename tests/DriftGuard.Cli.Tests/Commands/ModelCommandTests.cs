using DriftGuard.Cli.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Cli.Tests.Commands;

public sealed class ModelCommandTests
{
    private const string Model = "static-wordpiece-128";

    [Theory]
    [InlineData("model")]
    [InlineData("models")]
    public async Task The_models_that_come_along_are_listed(string group)
    {
        var run = await CommandLineRun.Of([group, "list", "--output", "json"]);

        run.Code.ShouldBe(ExitCode.Success);
        var model = run.Json.EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == Model);
        model.GetProperty("dimensions").GetInt32().ShouldBe(128);
        model.GetProperty("fingerprint").GetString()!.Length.ShouldBe(64);
    }

    [Theory]
    [InlineData("closest-pair", "--top", "x")]
    [InlineData("closest-pair", "--top", "0")]
    [InlineData("bench", "--rounds", "x")]
    [InlineData("bench", "--rounds", "0")]
    public async Task A_figure_that_is_none_is_said(string command, string option, string value)
    {
        var run = await CommandLineRun.Of(["model", command, .. command == "bench" ? Array.Empty<string>() : ["no-such-file"], option, value]);

        run.Code.ShouldBe(ExitCode.Usage);
        run.Error.ShouldContain($"{option}: expected a whole number");
        run.Error.ShouldContain($"found '{value}'");
    }

    [Fact]
    public async Task Texts_give_no_orders_to_the_terminal()
    {
        var run = await CommandLineRun.Of(["model", "similarity", "--model", Model, "a red \u001b[31mcat", "a kitten"]);

        run.Code.ShouldBe(ExitCode.Success, run.Error);
        run.Out.ShouldContain("a red \uFFFD[31mcat");
    }

    [Fact]
    public async Task A_model_behind_an_API_is_asked_only_by_its_name()
    {
        await using var server = await ServerAsync("{}");
        var folder = RemoteModel(server.Urls.Single());

        var run = await CommandLineRun.Of(["model", "similarity", "a cat", "a kitten"], default, ("DRIFTGUARD__MODELS__ROOTS__0", folder));
        Directory.Delete(folder, recursive: true);

        run.Code.ShouldBe(ExitCode.Success, run.Error);
        run.Out.ShouldContain(Model);
    }

    [Fact]
    public async Task A_sound_model_is_verified()
    {
        var run = await CommandLineRun.Of(["model", "verify", Model]);

        run.Code.ShouldBe(ExitCode.Success);
        run.Out.ShouldStartWith($"ok      {Model}\n        cpu, ");
        run.Out.ShouldContain(" (preset); measured at the first bulk work");
    }

    [Fact]
    public async Task A_model_whose_file_was_changed_is_refused_by_name()
    {
        var folder = Directory.CreateTempSubdirectory("driftguard-model-");
        foreach (var file in Directory.EnumerateFiles(Path.Join(AppContext.BaseDirectory, "models", Model)))
        {
            File.Copy(file, Path.Join(folder.FullName, Path.GetFileName(file)));
        }

        await File.AppendAllTextAsync(Path.Join(folder.FullName, "vocab.txt"), "intruder\n");

        var run = await CommandLineRun.Of(["model", "verify", folder.FullName]);
        folder.Delete(recursive: true);

        run.Code.ShouldBe(ExitCode.Refused);
        run.Out.ShouldStartWith($"broken  {Model}\n");
        run.Out.ShouldContain("vocab.txt");
    }

    [Fact]
    public async Task A_model_behind_an_API_is_asked_for_one_vector()
    {
        await using var server = await ServerAsync("{\"data\":[{\"index\":0,\"embedding\":[3,4]}],\"model\":\"dated-name\"}");
        var folder = RemoteModel(server.Urls.Single());

        var verified = await CommandLineRun.Of(["model", "verify", folder]);
        var asJson = await CommandLineRun.Of(["model", "verify", folder, "-o", "json"]);
        await server.StopAsync();
        var broken = await CommandLineRun.Of(["model", "verify", folder]);
        Directory.Delete(folder, recursive: true);

        verified.Code.ShouldBe(ExitCode.Success);
        verified.Out.ShouldContain("gives 2 dimensions, as model dated-name");
        asJson.Json[0].GetProperty("answersAs").GetString().ShouldBe("dated-name");
        broken.Code.ShouldBe(ExitCode.Refused);
        broken.Out.ShouldContain("/embeddings: nobody answers: ");
    }

    [Fact]
    public async Task A_provider_that_refuses_makes_a_command_say_unavailable()
    {
        await using var server = await ServerAsync("{\"error\":{\"message\":\"no key\"}}", status: 401);
        var folder = RemoteModel(server.Urls.Single());

        var run = await CommandLineRun.Of(["model", "similarity", "--model", folder, "a", "b"]);
        Directory.Delete(folder, recursive: true);

        run.Code.ShouldBe(ExitCode.Unavailable);
        run.Error.ShouldContain("expected vectors; found status 401, no key. The API key comes from nowhere: neither api_key_file nor api_key_env is set");
    }

    private static async Task<WebApplication> ServerAsync(string answer, int status = 200)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Run(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(answer);
        });
        await server.StartAsync();
        return server;
    }

    private static string RemoteModel(string url)
    {
        var folder = Directory.CreateTempSubdirectory("driftguard-remote-").FullName;
        File.WriteAllText(Path.Join(folder, "model.yaml"), $"name: remote\nprovider: openai\nmodel: m\ndimensions: 2\nmax_tokens: 100\nendpoint: {{ url: '{url}' }}\n");
        return folder;
    }

    [Fact]
    public async Task Similarity_is_the_cosine_of_every_two_texts()
    {
        var run = await CommandLineRun.Of(["model", "similarity", "--model", Model, "-o", "json", "The cat sat", "A kitten sat", "Stock prices"]);

        var cosines = run.Json[0].GetProperty("cosines").EnumerateArray().Select(row => row.EnumerateArray().Select(cell => cell.GetDouble()).ToArray()).ToArray();
        cosines.Length.ShouldBe(3);
        cosines[0][0].ShouldBe(1, 1e-5);
        cosines[0][1].ShouldBe(cosines[1][0]);
        cosines[0][1].ShouldBeGreaterThan(cosines[0][2]);
    }

    [Fact]
    public async Task Similarity_is_shown_for_every_model_unless_one_is_named_with_the_values_that_reference_tools_give()
    {
        var run = await CommandLineRun.Of(
            ["model", "similarity", "-o", "json", "The cat sat on the mat", "A kitten was resting on the rug", "Python is a programming language", "I love machine learning"]);

        var cosines = run.Json.EnumerateArray().ToDictionary(
            model => model.GetProperty("model").GetString()!,
            model => model.GetProperty("cosines").EnumerateArray().Select(row => row.EnumerateArray().Select(cell => cell.GetDouble()).ToArray()).ToArray());

        // Measured with Python's onnxruntime; int8 kernels differ between kinds of processors.
        ShouldBeNear(cosines["all-minilm-l6-v2-int8"], .613, .037, .250, tolerance: .02);
        ShouldBeNear(cosines[Model], .554, .246, .397, tolerance: .001);

        static void ShouldBeNear(double[][] found, double catAndKitten, double catAndPython, double pythonAndLearning, double tolerance)
        {
            found[0][1].ShouldBe(catAndKitten, tolerance);
            found[0][2].ShouldBe(catAndPython, tolerance);
            found[2][3].ShouldBe(pythonAndLearning, tolerance);
        }
    }

    [Theory]
    [InlineData("static", $"Did you mean '{Model}'?")]
    [InlineData("something-else", "There are ")]
    public async Task An_unknown_model_is_not_found_and_the_known_ones_are_named(string name, string hint)
    {
        var run = await CommandLineRun.Of(["model", "similarity", "--model", name, "a", "b"]);

        run.Code.ShouldBe(ExitCode.NotFound);
        run.Error.ShouldStartWith($"error: there is no model '{name}'\n{hint}");
    }

    [Fact]
    public async Task A_text_without_a_vector_is_named() =>
        (await CommandLineRun.Of(["model", "similarity", "--model", Model, "a", " "])).Error.ShouldBe("error: text 2 (' ') has no vector: empty text\n");

    [Fact]
    public async Task The_closest_pair_is_of_different_texts_and_what_has_no_vector_is_told()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "The cat sat on the mat\n\nStock prices fell\n The cat sat on the mat \nA cat sat on a mat\n\u200b\n");

        var run = await CommandLineRun.Of(["model", "closest-pair", file, "--model", Model, "--top", "1", "-o", "json"]);
        File.Delete(file);

        run.Code.ShouldBe(ExitCode.Success);
        run.Json.GetProperty("texts").GetInt32().ShouldBe(5);
        run.Json.GetProperty("repeated").GetInt32().ShouldBe(1);
        run.Json.GetProperty("notCompared").EnumerateArray().ShouldHaveSingleItem().GetProperty("line").GetInt32().ShouldBe(6);
        var pair = run.Json.GetProperty("pairs").EnumerateArray().ShouldHaveSingleItem();
        pair.GetProperty("cosine").GetDouble().ShouldBeInRange(.5, 1);
        pair.GetProperty("first").GetProperty("line").GetInt32().ShouldBe(1);
        pair.GetProperty("second").GetProperty("text").GetString().ShouldBe("A cat sat on a mat");
    }

    [Fact]
    public async Task Texts_may_be_json_lines_and_a_line_without_one_is_named()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "{\"id\": 1, \"text\": \"a cat\"}\n{\"id\": 2}\n");

        var run = await CommandLineRun.Of(["model", "closest-pair", file, "--model", Model]);
        File.Delete(file);

        run.Code.ShouldBe(ExitCode.Usage);
        run.Error.ShouldContain(":2: expected a JSON object with a text under 'text'");
    }

    [Fact]
    public async Task A_bench_gives_throughput_its_share_of_the_raw_limit_latency_and_the_trial_and_keeps_the_settings()
    {
        var data = Directory.CreateTempSubdirectory("driftguard-bench-");
        var file = Path.Join(data.FullName, "texts.txt");
        await File.WriteAllTextAsync(file, "The cat sat on the mat\nStock prices fell\n");

        var run = await CommandLineRun.Of(["model", "bench", Model, "--file", file, "--rounds", "1", "--data", data.FullName, "-o", "json"]);
        var kept = Directory.GetFiles(Path.Join(data.FullName, "tuning"));
        data.Delete(recursive: true);

        run.Code.ShouldBe(ExitCode.Success);
        var bench = run.Json[0];
        bench.GetProperty("tuning").GetProperty("origin").GetString().ShouldBe("measured");
        bench.GetProperty("tuning").GetProperty("trials").GetArrayLength().ShouldBePositive();
        bench.GetProperty("latency").GetProperty("p99").GetDouble().ShouldBePositive();
        var measured = bench.GetProperty("throughput")[0].GetProperty("measured");
        measured.GetProperty("texts").GetInt32().ShouldBe(2);
        measured.GetProperty("raw").GetProperty("share").GetProperty("median").GetDouble().ShouldBePositive();
        kept.ShouldHaveSingleItem();
    }
}
