using DriftGuard.Qdrant;
using DriftGuard.Testing.Models;
using DriftGuard.Worker.Drift.Doctor;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Tests.Drift.Doctor;

/// <summary>Who made a collection, found out on real models and texts, without a stamp of DriftGuard.</summary>
public sealed class CollectionDoctorTests
{
    private const string Collection = "found-somewhere";

    [Fact]
    public async Task One_model_made_it_and_how_sure_that_is_comes_first()
    {
        await using var world = await DriftWorld.EmptyAsync();
        using var model = world.Open(DriftWorld.Model);
        var texts = Paragraphs(150);
        await FillAsync(world, texts, await DriftWorld.VectorsAsync(model, texts));

        var report = await ExamineAsync(world);

        report.Verdict.ShouldBe(OriginVerdict.One, report.Sentence);
        report.Sentence.ShouldBe("made by mini (100 of 100 sampled points, at least 98 %)", "of 150 points: the bound is hypergeometric");
        report.TextField!.Field.ShouldBe("body.text", "the longest texts, by their path");
        report.OtherTextFields.Select(field => field.Field).ShouldBe(["title"]);
        report.Makers.ShouldHaveSingleItem().Variant.ShouldBeNull();
        report.WhatToDo!.ShouldContain("--collection found-somewhere --model mini --text-field body.text");
    }

    [Fact]
    public async Task A_part_that_was_pooled_in_another_way_is_sized_and_placed()
    {
        await using var world = await DriftWorld.EmptyAsync();
        using var model = world.Open(DriftWorld.Model);
        world.AddModel("cls").With("pooling", "cls");
        using var other = world.Open("cls");
        var texts = Paragraphs(150);
        var vectors = (await DriftWorld.VectorsAsync(model, texts)).ToArray();
        (await DriftWorld.VectorsAsync(other, [.. texts.Skip(100).Take(30)])).ToArray().CopyTo(vectors, 100);
        Directory.Delete(Path.Join(world.Models, "cls"), recursive: true);
        await FillAsync(world, texts, vectors);

        var report = await ExamineAsync(world, 150);

        report.Verdict.ShouldBe(OriginVerdict.Mixed, report.Sentence);
        report.Sentence.ShouldBe("mixed: 80 % by mini, 20 % by mini with pooling: cls from id 101 to 130");
        report.Makers[1].Share.Mismatches.ShouldBe(30);
    }

    [Fact]
    public async Task Two_models_are_told_apart_and_neither_is_a_variant()
    {
        Assert.SkipWhen(DriftWorld.E5 is null, "set DRIFTGUARD_E5_MODEL_DIR to a folder with model.onnx and vocab.txt of e5-small-v2 (int8)");
        await using var world = await DriftWorld.EmptyAsync();
        using var model = world.Open(DriftWorld.Model);
        world.AddE5();
        using var other = world.Open("e5");
        var texts = Paragraphs(120);
        var vectors = (await DriftWorld.VectorsAsync(model, texts)).ToArray();
        (await DriftWorld.VectorsAsync(other, [.. texts.Skip(20).Take(12)])).ToArray().CopyTo(vectors, 20);
        await FillAsync(world, texts, vectors);

        var report = await ExamineAsync(world, 120);

        report.Sentence.ShouldBe("mixed: 90 % by mini, 10 % by e5 from id 21 to 32");
    }

    [Fact]
    public async Task A_model_behind_an_API_is_asked_only_by_its_name()
    {
        await using var world = await DriftWorld.EmptyAsync();
        world.AddModel("cls").With("pooling", "cls");
        using var behind = world.Open("cls");
        await using var provider = await SwitchableProvider.StartAsync(behind);
        ProviderFolder.Write(Path.Join(world.Models, "remote"), provider, 384, endpoint: "retries: 0");
        var texts = Paragraphs(40);
        await FillAsync(world, texts, await DriftWorld.VectorsAsync(behind, texts));
        Directory.Delete(Path.Join(world.Models, "cls"), recursive: true);

        var unasked = await ExamineAsync(world);
        var requests = provider.Requests;
        var asked = await DoctorAsync(world, Collection, new() { Models = ["remote"] });

        unasked.Sentence.ShouldStartWith("made by mini with pooling: cls (40 of 40 ");
        requests.ShouldBe(0);
        asked.Sentence.ShouldStartWith("made by remote (40 of 40 ");
        provider.Requests.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_collection_of_no_model_here_names_the_closest_and_never_guesses()
    {
        await using var world = await DriftWorld.EmptyAsync();
        var texts = Paragraphs(40);
        var random = new Random(7);
        await FillAsync(world, texts, [.. texts.Select(_ => Enumerable.Range(0, 384).Select(_ => (float)(random.NextDouble() - .5)).ToArray())]);

        var report = await ExamineAsync(world);

        report.Verdict.ShouldBe(OriginVerdict.Unknown);
        report.Makers.ShouldBeEmpty();
        report.Unexplained.Points.ShouldBe(40);
        report.Sentence.ShouldBe("the one model of its dimension here did not make it; nothing comes close", "the shipped one is the same model under another name");
        report.Closest.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Too_little_to_go_by_is_said_and_why()
    {
        await using var world = await DriftWorld.EmptyAsync();
        await world.Qdrant.CreateCollectionAsync("empty", CollectionSchema.Of(384, Distance.Cosine), DriftWorld.Cancellation);
        await world.Qdrant.CreateCollectionAsync("odd", CollectionSchema.Of(3, Distance.Cosine), DriftWorld.Cancellation);
        await world.Qdrant.CreateCollectionAsync("named", CollectionSchema.Of(3, Distance.Cosine, "title"), DriftWorld.Cancellation);
        await world.Qdrant.UpsertAsync("odd", [DriftWorld.PointOf(1, "a text", [1, 0, 0])], null, DriftWorld.Cancellation);
        var texts = Paragraphs(25);
        await FillAsync(world, texts, [.. texts.Select(_ => new float[384].Select((_, i) => i == 0 ? 1f : 0f).ToArray())]);

        (await DoctorAsync(world, "empty")).Sentence.ShouldBe("empty has no points");
        (await DoctorAsync(world, "odd")).Sentence.ShouldContain("odd has 3 dimensions, and no model here gives that many");
        (await DoctorAsync(world, "named")).Sentence.ShouldContain("'title'");
        (await DoctorAsync(world, Collection, new() { TextField = "headline" })).Sentence.ShouldContain("has a text under 'headline'; their payload has body, title");
        (await DoctorAsync(world, "empty")).Verdict.ShouldBe(OriginVerdict.InsufficientData);
        (await Should.ThrowAsync<OperatorException>(() => DoctorAsync(world, "nothing-like-it"))).Error.ShouldBe(OperatorError.NotFound);
    }

    [Fact]
    public async Task Vectors_that_no_model_gives_and_those_that_repeat_are_counted_apart()
    {
        await using var world = await DriftWorld.EmptyAsync();
        using var model = world.Open(DriftWorld.Model);
        var texts = Paragraphs(60);
        var vectors = (await DriftWorld.VectorsAsync(model, texts)).ToArray();
        vectors[10] = vectors[11];
        await FillAsync(world, texts, vectors);
        await world.ReplaceUncheckedAsync([(await world.PointsAsync(Collection))[3]], [.. Enumerable.Repeat(float.NaN, 384)], Collection);

        var report = await ExamineAsync(world);

        report.BadVectors.Examples.ShouldBe(["4"]);
        report.SharedVectors.Examples.ShouldBe(["11", "12"]);
        report.Unexplained.Examples.ShouldBe(["11"]);
        report.Compared.ShouldBe(59);
        report.Verdict.ShouldBe(OriginVerdict.Mixed);
        report.Sentence.ShouldContain("by none of the models here (11)");
    }

    [Fact]
    public async Task An_index_is_looked_at_under_its_own_text_field_and_stamps()
    {
        await using var world = await DriftWorld.StartAsync();

        var report = await world.Engine.Doctor.ExamineIndexAsync(DriftWorld.Index, new() { Seed = 7, Sample = 50 }, null, DriftWorld.Cancellation);

        report.Verdict.ShouldBe(OriginVerdict.One, report.Sentence);
        report.Index.ShouldBe(DriftWorld.Index);
        report.Stamps.ShouldHaveSingleItem().Value.ShouldBe(50);
        report.DeclaredModel.ShouldBe(DriftWorld.Model);
        report.WhatToDo.ShouldBeNull();
    }

    private static string[] Paragraphs(int count) => [.. Texts.Paragraphs("en").Select(paragraph => paragraph.Text).Concat(Texts.Paragraphs("es").Select(paragraph => paragraph.Text)).Take(count)];

    /// <summary>A collection as an application fills it: the text below an object, a title beside it.</summary>
    private static async Task FillAsync(DriftWorld world, IReadOnlyList<string> texts, IReadOnlyList<float[]> vectors)
    {
        await world.Qdrant.CreateCollectionAsync(Collection, CollectionSchema.Of(vectors[0].Length, Distance.Cosine), DriftWorld.Cancellation);
        foreach (var batch in texts.Index().Chunk(50))
        {
            await world.Qdrant.UpsertAsync(Collection, [.. batch.Select(text => PointOf(text.Index + 1, text.Item, vectors[text.Index]))], null, DriftWorld.Cancellation);
        }
    }

    private static PointStruct PointOf(int number, string text, float[] vector)
    {
        var point = DriftWorld.PointOf(number, text, vector, new Dictionary<string, string>(StringComparer.Ordinal) { ["title"] = text[..20] });
        point.Payload.Remove(DriftWorld.TextField);
        point.Payload["body"] = new() { StructValue = new() { Fields = { ["text"] = new() { StringValue = text } } } };
        return point;
    }

    private static Task<OriginReport> ExamineAsync(DriftWorld world, int sample = DoctorRequest.UsualSample) => DoctorAsync(world, Collection, new() { Sample = sample });

    private static Task<OriginReport> DoctorAsync(DriftWorld world, string collection, DoctorRequest? request = null) =>
        world.Engine.Doctor.ExamineAsync(collection, (request ?? new()) with { Seed = 7 }, null, DriftWorld.Cancellation);
}
