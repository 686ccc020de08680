using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Diagnosis;
using DriftGuard.Core.Embedding;
using DriftGuard.Qdrant;
using DriftGuard.Testing.Models;

namespace DriftGuard.Worker.Tests.Drift.Causes;

/// <summary>The stored points change, as applications and half-done jobs change them.</summary>
public sealed class IndexCauseTests
{
    [Fact]
    public async Task APartWasReembeddedWithAnotherModel()
    {
        Assert.SkipWhen(DriftWorld.E5 is null, "DRIFTGUARD_E5_MODEL_DIR names no folder with e5-small-v2");
        await using var world = await DriftWorld.StartAsync();
        world.AddE5();
        var points = await world.PointsAsync();
        using (var other = world.Open("e5"))
        {
            await world.ReembedAsync([.. points.Skip(200).Take(90)], other);
        }

        var report = await world.CheckAsync(Detector.Index);

        report.ShouldBeCertainOf(DriftCause.IndexMixed);
        var found = report.Of(Detector.Index)!.Index!;
        found.Mismatches!.Share.ShouldBe(.15, .04);
        found.Mismatches.Lower95.ShouldBeLessThanOrEqualTo(.15);
        found.Mismatches.Upper95.ShouldBeGreaterThanOrEqualTo(.15);
        found.Block.ShouldNotBeNull("they lie in one range of ids");
        PositionOf(points, found.Block!.FirstId).ShouldBeInRange(198, 206);
        PositionOf(points, found.Block.LastId).ShouldBeInRange(283, 291);
        found.Variants[0].Name.ShouldBe("e5");
        found.Variants[0].Explains.ShouldBeTrue();
    }

    [Fact]
    public async Task APartIsNewerThanADayInACollectionWithoutStamps()
    {
        await using var world = await DriftWorld.EmptyAsync();
        world.AddModel("first-token").With("pooling", "cls");
        var texts = Texts.Intents(0, 60, 10).Select(d => d.Text).ToList();
        using var own = world.Open(DriftWorld.Model);
        using var other = world.Open("first-token");
        var (right, wrong) = (await DriftWorld.VectorsAsync(own, texts), await DriftWorld.VectorsAsync(other, texts));
        var late = Enumerable.Range(0, texts.Count).Where(i => i * 7919 % 100 < 12).ToHashSet(); // scattered over the ids
        await world.AdoptAsync(texts, [.. texts.Select((_, i) => late.Contains(i) ? wrong[i] : right[i])], i => new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["updated_at"] = late.Contains(i) ? "2026-11-20T10:00:00Z" : $"2026-{(i % 9) + 1:00}-11T10:00:00Z",
        });

        var report = await world.CheckAsync(Detector.Index);

        report.ShouldBeCertainOf(DriftCause.IndexMixed);
        var found = report.Of(Detector.Index)!.Index!;
        found.Groups.ShouldContain(group => group.Key == "updated_at" && group.Value.StartsWith("2026-11-20", StringComparison.Ordinal));
        found.Variants[0].Name.ShouldBe("pooling: cls");
        found.Stamps!.AnyStamped.ShouldBeFalse();
    }

    [Theory]
    [InlineData("pooling", "cls", DriftCause.PoolingChanged)]
    [InlineData("prefixes.document", "passage: ", DriftCause.PrefixChanged)]
    [InlineData("tokenizer.lower_case", "false", DriftCause.TextPreparationChanged)]
    public async Task TheWholeCorpusWasEmbeddedInAnotherWay(string key, string value, DriftCause cause)
    {
        await using var world = await DriftWorld.EmptyAsync();
        world.AddModel("writer").With(key, value);
        var texts = Texts.Paragraphs("en").Select(d => d.Text).ToList();
        using (var writer = world.Open("writer"))
        {
            await world.AdoptAsync(texts, await DriftWorld.VectorsAsync(writer, texts));
        }

        Directory.Delete(Path.Join(world.Models, "writer"), recursive: true); // Nobody keeps the wrong spec.

        var report = await world.CheckAsync(Detector.Index);

        report.ShouldBeCertainOf(cause);
        report.Of(Detector.Index)!.Index!.Variants[0].Explains.ShouldBeTrue();
        report.Of(Detector.Model)!.Verdict.ShouldBe(DriftVerdict.None, "the model is the one that was fingerprinted");
    }

    [Fact]
    public async Task LongTextsWereCutOffElsewhere()
    {
        await using var world = await DriftWorld.EmptyAsync();
        world.AddModel("writer").With("max_tokens", "64");
        var texts = Texts.Paragraphs("en").Select(d => d.Text).ToList();
        using (var writer = world.Open("writer"))
        {
            await world.AdoptAsync(texts, await DriftWorld.VectorsAsync(writer, texts));
        }

        Directory.Delete(Path.Join(world.Models, "writer"), recursive: true);

        var report = await world.CheckAsync(Detector.Index);

        report.ShouldBeCertainOf(DriftCause.TruncationChanged);
    }

    [Fact]
    public async Task APrefixOfTheOtherKindWasUsed()
    {
        Assert.SkipWhen(DriftWorld.E5 is null, "DRIFTGUARD_E5_MODEL_DIR names no folder with e5-small-v2");
        await using var world = await DriftWorld.EmptyAsync();
        Directory.Delete(Path.Join(world.Models, DriftWorld.Model), recursive: true);
        world.AddE5(DriftWorld.Model);
        var texts = Texts.Paragraphs("en").Select(d => d.Text).ToList();
        using (var writer = world.Open(DriftWorld.Model))
        {
            await world.AdoptAsync(texts, await DriftWorld.VectorsAsync(writer, texts, InputKind.Query));
        }

        var report = await world.CheckAsync(Detector.Index);

        report.ShouldBeCertainOf(DriftCause.PrefixChanged);
    }

    [Theory]
    [InlineData("permuted")]
    [InlineData("rotated")]
    public async Task StoredVectorsHaveTheirAxesTurned(string how)
    {
        await using var world = await DriftWorld.StartAsync();
        var turn = how == "permuted" ? Orthogonal.Permutation(384, 3) : Orthogonal.Rotation(384, 3);
        var points = await world.PointsAsync();
        await world.ReplaceVectorsAsync(points, [.. points.Select(point => turn.Turn(WireForms.VectorSpanOf(point)))]);

        var report = await world.CheckAsync(Detector.Index);

        report.ShouldBeCertainOf(DriftCause.AxesReoriented);
        report.Diagnosis.WhatHappened.ShouldContain(how);
    }

    [Fact]
    public async Task ATextWasEditedWithoutItsVector()
    {
        await using var world = await DriftWorld.StartAsync();
        foreach (var point in (await world.PointsAsync()).Take(3))
        {
            await world.SetPayloadAsync(point, DriftWorld.TextField, DriftWorld.TextOf(point) + " please");
        }

        var report = await world.CheckAsync(Detector.Index);

        report.ShouldBeCertainOf(DriftCause.TextEditedWithoutVector);
        report.Of(Detector.Index)!.Index!.Stamps!.TextEdited.Points.ShouldBe(3, "every stamp is read, not a sample");
        report.Diagnosis.FirstBadStamp.ShouldNotBeNull();
    }

    [Fact]
    public async Task SomethingElseWritesPoints()
    {
        Assert.SkipWhen(DriftWorld.E5 is null, "DRIFTGUARD_E5_MODEL_DIR names no folder with e5-small-v2");
        await using var world = await DriftWorld.StartAsync();
        world.AddE5();
        var texts = Texts.Intents(100, 1, 8).Select(d => d.Text).ToList();
        using (var foreign = world.Open("e5"))
        {
            var vectors = await DriftWorld.VectorsAsync(foreign, texts);
            await world.Qdrant.UpsertAsync(DriftWorld.Index, [.. texts.Select((text, i) => DriftWorld.PointOf(1_000_000 + (i * 977), text, vectors[i]))], null, DriftWorld.Cancellation);
        }

        var report = await world.CheckAsync(Detector.Index);

        report.ShouldBeCertainOf(DriftCause.ForeignWrites);
        var unstamped = report.Of(Detector.Index)!.Index!.Stamps!.Unstamped;
        (unstamped.Points, unstamped.Wrong).ShouldBe((8, 8));
    }

    [Fact]
    public async Task AForeignWriterWithTheRightModelIsNoDrift()
    {
        await using var world = await DriftWorld.StartAsync();
        var texts = Texts.Intents(100, 1, 8).Select(d => d.Text).ToList();
        using (var same = world.Open(DriftWorld.Model))
        {
            var vectors = await DriftWorld.VectorsAsync(same, texts);
            await world.Qdrant.UpsertAsync(DriftWorld.Index, [.. texts.Select((text, i) => DriftWorld.PointOf(1_000_000 + i, text, vectors[i]))], null, DriftWorld.Cancellation);
        }

        var report = await world.CheckAsync(Detector.Index);

        report.Verdict.ShouldBe(DriftVerdict.None);
        report.Diagnosis.Others.ShouldContain(other => other.Cause == DriftCause.ForeignWrites, "it is worth knowing all the same");
    }

    [Fact]
    public async Task VectorsThatNoModelGives()
    {
        await using var world = await DriftWorld.StartAsync();
        var points = (await world.PointsAsync()).Take(40).ToList();
        await world.ReplaceUncheckedAsync(points, Enumerable.Repeat(float.NaN, 384).ToArray());

        var report = await world.CheckAsync();

        report.Diagnosis.Cause.ShouldBe(DriftCause.BadVectors);
        report.Of(Detector.Index)!.Reason.ShouldBe(DriftReason.BadVectors);
    }

    private static int PositionOf(IReadOnlyList<global::Qdrant.Client.Grpc.RetrievedPoint> points, string id) =>
        points.Select((point, i) => (Id: WireForms.IdOf(point).ToString(), i)).Single(p => p.Id == id).i;
}
