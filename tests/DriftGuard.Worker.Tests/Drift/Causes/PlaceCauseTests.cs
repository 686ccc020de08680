using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Diagnosis;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;

namespace DriftGuard.Worker.Tests.Drift.Causes;

/// <summary>What the alias points to changes, or the documents that labels are about.</summary>
public sealed class PlaceCauseTests
{
    [Fact]
    public async Task TheAliasWasRepointedByHand()
    {
        await using var world = await DriftWorld.StartAsync();
        var blue = await world.CollectionAsync();
        await world.Qdrant.CreateCollectionAsync("restored-copy", (await world.Qdrant.FindCollectionAsync(blue, DriftWorld.Cancellation))!.Schema, DriftWorld.Cancellation);
        await world.Qdrant.ChangeAliasesAsync([new AliasChange.Create(DriftWorld.Index, "restored-copy")], DriftWorld.Cancellation);

        var report = await world.CheckAsync(Detector.Schema);

        report.ShouldBeCertainOf(DriftCause.AliasRepointed);
        report.Diagnosis.WhatHappened.ShouldContain("restored-copy");
        report.Diagnosis.WhatHappened.ShouldContain(blue);
    }

    [Fact]
    public async Task AliasAndTokenWereBothRepointed()
    {
        await using var world = await DriftWorld.StartAsync();
        var blue = await world.CollectionAsync();
        var token = (await world.Qdrant.AliasesAsync(DriftWorld.Cancellation)).AliasesOf(blue).Single(alias => EpochToken.Parse(DriftWorld.Index, alias) is not null);
        await world.Qdrant.CreateCollectionAsync("restored-copy", (await world.Qdrant.FindCollectionAsync(blue, DriftWorld.Cancellation))!.Schema, DriftWorld.Cancellation);
        await world.Qdrant.ChangeAliasesAsync([new AliasChange.Create(DriftWorld.Index, "restored-copy"), new AliasChange.Create(token, "restored-copy")], DriftWorld.Cancellation);

        (await world.CheckAsync(Detector.Schema)).ShouldBeCertainOf(DriftCause.AliasRepointed);
    }

    [Fact]
    public async Task TheAliasPointsNowhere()
    {
        await using var world = await DriftWorld.StartAsync();
        await world.Qdrant.DeleteCollectionAsync(await world.CollectionAsync(), DriftWorld.Cancellation);

        var report = await world.CheckAsync();

        report.Verdict.ShouldBe(DriftVerdict.Confirmed);
        report.Diagnosis.Cause.ShouldBe(DriftCause.CollectionChanged);
        report.Detectors.ShouldAllBe(result => result.Verdict != DriftVerdict.None, "what could not look never says that nothing drifted");
    }

    [Fact]
    public async Task TheAliasWasDeletedAndTheCollectionIsThere()
    {
        await using var world = await DriftWorld.StartAsync();
        var blue = await world.CollectionAsync();
        await world.Qdrant.ChangeAliasesAsync([new AliasChange.Delete(DriftWorld.Index)], DriftWorld.Cancellation);

        var report = await world.CheckAsync(Detector.Schema);

        report.ShouldBeCertainOf(DriftCause.AliasRepointed);
        report.Diagnosis.WhatToDo.ShouldContain(blue);
    }

    [Fact]
    public async Task AnEmptyIndexIsNotGoodYet()
    {
        await using var world = await DriftWorld.EmptyAsync();
        await world.Engine.Indexes.CreateAsync(DriftWorld.Index, DriftWorld.Model, DriftWorld.TextField, null, DriftWorld.Cancellation);

        var report = await world.CheckAsync();

        report.Of(Detector.Index)!.Verdict.ShouldBe(DriftVerdict.InsufficientData);
        (await world.Engine.Drift.BaselinesAsync(DriftWorld.Index, DriftWorld.Cancellation)).ShouldBeEmpty("nothing compares with an empty index");
    }

    [Fact]
    public async Task LabelsAreStale()
    {
        await using var world = await DriftWorld.StartAsync();
        var points = await world.PointsAsync();
        var gone = Texts.Intents(0, 60, 10).Where(document => document.Label == Texts.Intents(0, 60, 10)[0].Label).Select(document => document.Text).ToHashSet(StringComparer.Ordinal);
        await world.Qdrant.DeleteAsync(DriftWorld.Index, PointSelection.Of(points.Where(point => gone.Contains(DriftWorld.TextOf(point))).Select(WireForms.IdOf)), DriftWorld.Cancellation);

        var report = await world.CheckAsync();

        report.Diagnosis.Cause.ShouldBe(DriftCause.LabelsStale);
        var quality = report.Of(Detector.Quality)!.Quality!;
        quality.Labels!.Missing.ShouldBe(10);
        quality.Labels.QueriesAffected.ShouldBe(10);
        report.Verdict.ShouldBe(DriftVerdict.None, "what was deleted is no drift of model or index");
    }

    [Fact]
    public async Task LabelsOfAnotherCorpus()
    {
        await using var world = await DriftWorld.StartAsync();
        var points = await world.PointsAsync();
        await world.Qdrant.DeleteAsync(DriftWorld.Index, PointSelection.Of(points.Take(599).Select(WireForms.IdOf)), DriftWorld.Cancellation);

        var report = await world.CheckAsync(Detector.Quality);

        report.Of(Detector.Quality)!.Verdict.ShouldBe(DriftVerdict.InsufficientData);
        report.Of(Detector.Quality)!.Reason.ShouldBe(DriftReason.LabelsStale);
        report.Diagnosis.Cause.ShouldBe(DriftCause.LabelsStale);
    }
}
