using DriftGuard.Cli.Shell;
using DriftGuard.Cli.Tests.Commands.Drift;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;
using PointId = DriftGuard.Core.Points.PointId;

namespace DriftGuard.Cli.Tests.Commands.Doctor;

/// <summary>What the doctor prints and ends with.</summary>
public sealed class DoctorCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-doctor-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_sound_installation_is_a_line_for_each_thing()
    {
        using var index = await CheckedIndex.CopyAsync();

        var run = await index.RunAsync("doctor");

        run.Code.ShouldBe(ExitCode.Success, run.Out + run.Error);
        run.Out.ShouldMatch(@"^ok    configuration: no file; 1 set: dataDirectory \(--data\)\n");
        run.Out.ShouldMatch(@"\nok    model static-wordpiece-128: 128 dimensions, \w{8}, opens and its files are those that it pins\n");
        run.Out.ShouldMatch(@"\nok    calibration set xquad-en: 1190 queries in 240 groups\n");
        run.Out.ShouldMatch(@"\nok    state: opens, schema \d+_\w+\n");
        run.Out.ShouldMatch(@"\nok    qdrant: embedded, version [\d.]+, 1 peer\(s\), 1 collection\(s\)\n");
        run.Out.ShouldMatch(@"\nok    index docs: alias and token point to docs-\S+, 240 points, epoch 1, model static-wordpiece-128 \w{8} is here\n");
        run.Out.ShouldMatch(@"\nok    index docs, drift: last check \w+ ago: none, nothing\n");
        run.Out.ShouldContain("\nwarn  index docs, queries: none were observed");
        run.Out.ShouldNotContain("fail  ");
    }

    [Fact]
    public async Task What_does_not_work_fails_and_the_rest_is_looked_at_all_the_same()
    {
        using var index = await CheckedIndex.CopyAsync();
        await index.DamageAsync(async engine =>
        {
            var collection = (await engine.Installation.Qdrant.AliasesAsync(Cancellation)).TargetOf(CheckedIndex.Index)!;
            await engine.Installation.Qdrant.DeleteCollectionAsync(collection, Cancellation);
        });
        var broken = Directory.CreateDirectory(Path.Join(index.Folder, "models", "broken")).FullName;
        await File.WriteAllTextAsync(Path.Join(broken, "model.yaml"), "name: broken\n", Cancellation);

        var run = await CommandLineRun.Of(
            ["doctor", "--data", Path.Join(index.Folder, "data"), "--output", "json"], Cancellation, ("DRIFTGUARD__MODELS__ROOTS__0", Path.Join(index.Folder, "models")));

        run.Code.ShouldBe(ExitCode.Refused, run.Out + run.Error);
        run.Json.GetProperty("usable").GetBoolean().ShouldBeTrue();
        run.Json.GetProperty("checks").EnumerateArray().Where(check => check.GetProperty("outcome").GetString() == "fail").Select(check => check.GetProperty("subject").GetString())
            .ShouldBe(["model broken", "index docs"]);
    }

    [Fact]
    public async Task A_Qdrant_that_does_not_answer_is_unavailable_and_models_are_looked_at()
    {
        var run = await CommandLineRun.Of(["doctor", "--data", Path.Join(folder, "data")], Cancellation, ("DRIFTGUARD__QDRANT__ADDRESS", "http://127.0.0.1:1"));

        run.Code.ShouldBe(ExitCode.Unavailable, run.Out + run.Error);
        run.Out.ShouldMatch(@"\nfail  qdrant: .*127\.0\.0\.1:1");
        run.Out.ShouldContain("\nok    model static-wordpiece-128");
    }

    [Fact]
    public async Task The_collection_of_an_index_is_of_one_model()
    {
        using var index = await CheckedIndex.CopyAsync();

        var run = await index.RunAsync("doctor", CheckedIndex.Index, "--sample", "60", "--seed", "3");

        run.Code.ShouldBe(ExitCode.Success, run.Out + run.Error);
        run.Out.ShouldMatch(@"^docs-\S+: made by static-wordpiece-128 \(60 of 60 sampled points, at least 9\d %\)\n");
        run.Out.ShouldMatch(@"\nit says +static-wordpiece-128 \w{8}");
    }

    [Fact]
    public async Task A_collection_that_something_else_wrote_into_is_mixed_and_ids_are_named()
    {
        using var index = await CheckedIndex.CopyAsync();
        await index.DamageAsync(engine => CopyAsync(engine.Installation.Qdrant, "by-hand", strange: 40));

        var run = await index.RunAsync("doctor", "--collection", "by-hand", "--sample", "240", "--output", "json");
        var few = await index.RunAsync("doctor", "--collection", "by-hand", "--text-field", "no_such_field");

        run.Code.ShouldBe(ExitCode.Refused, run.Error);
        run.Json.GetProperty("verdict").GetString().ShouldBe("mixed");
        run.Json.GetProperty("textField").GetProperty("field").GetString().ShouldBe("text");
        run.Json.GetProperty("unstamped").GetInt32().ShouldBe(240);
        run.Json.GetProperty("unexplained").GetProperty("points").GetInt32().ShouldBe(40);
        run.Json.GetProperty("makers")[0].GetProperty("model").GetString().ShouldBe(CheckedIndex.Model);
        few.Code.ShouldBe(ExitCode.Inconclusive);
        few.Out.ShouldContain("no sampled point of by-hand has a text under 'no_such_field'");
    }

    [Theory]
    [InlineData("doctor nothing-like-it", ExitCode.NotFound, "there is no index 'nothing-like-it'")]
    [InlineData("doctor --collection nothing-like-it", ExitCode.NotFound, "there is no collection 'nothing-like-it'")]
    [InlineData("doctor docs --collection docs-1", ExitCode.Usage, "--collection: an index is named already; name one of the two")]
    [InlineData("doctor --sample 10", ExitCode.Usage, "--sample: of which collection? Name an index, or a collection with --collection")]
    [InlineData("doctor docs --sample none", ExitCode.Usage, "--sample: expected a whole number from 1 to 100000, found 'none'")]
    public async Task What_cannot_be_looked_at_is_said(string arguments, ExitCode code, string error)
    {
        var run = await CommandLineRun.Of([.. arguments.Split(' '), "--data", Path.Join(folder, "data")], Cancellation);

        run.Code.ShouldBe(code);
        run.Error.ShouldContain(error);
    }

    /// <summary>The index' points without stamps in a collection of another name; the vectors of some are exchanged for those of others.</summary>
    private static async Task CopyAsync(QdrantStore qdrant, string target, int strange)
    {
        var source = (await qdrant.AliasesAsync(Cancellation)).TargetOf(CheckedIndex.Index)!;
        await qdrant.CreateCollectionAsync(target, CollectionSchema.Of(128, Distance.Cosine), Cancellation);
        var page = await qdrant.ScrollAsync(source, PointId.First, 240, ReadShape.Everything, cancellationToken: Cancellation);
        var points = page.Points.Select((point, i) =>
        {
            var copy = WireForms.NewPoint(WireForms.IdOf(point), WireForms.VectorOf(i < strange ? page.Points[(i + 1) % strange] : point)!);
            copy.Payload.Add(new MapField<string, Value> { point.Payload });
            copy.Payload.Remove(StampPayload.Key);
            return copy;
        }).ToList();
        await qdrant.UpsertAsync(target, points, null, Cancellation);
    }
}
