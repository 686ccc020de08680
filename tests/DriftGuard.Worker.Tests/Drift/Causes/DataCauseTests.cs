using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Diagnosis;
using DriftGuard.Core.Embedding;

namespace DriftGuard.Worker.Tests.Drift.Causes;

/// <summary>What is asked and what is stored moves, and neither model nor vectors do.</summary>
public sealed class DataCauseTests
{
    private const int Days = 24;
    private const int QueriesADay = 210;

    [Fact]
    public async Task QueriesAsBeforeAreNoDrift()
    {
        await using var world = await DriftWorld.StartAsync();
        await ImportDaysAsync(world, Days, InScope);
        await world.Engine.Drift.TakeBaselineAsync(DriftWorld.Index, DriftWorld.Cancellation);

        var data = (await world.CheckAsync(Detector.Data)).Of(Detector.Data)!;

        data.Verdict.ShouldBe(DriftVerdict.None, data.Sentence);
        data.Samples["past_days"].ShouldBe(Days - 2);
        data.Data!.Languages[0].Language.ShouldBe("en");
    }

    [Fact]
    public async Task QueriesAreInAnotherLanguage()
    {
        await using var world = await DriftWorld.StartAsync();
        await ImportDaysAsync(world, Days - 2, InScope, until: 2);
        await world.Engine.Drift.TakeBaselineAsync(DriftWorld.Index, DriftWorld.Cancellation);
        var german = Texts.Questions("de");
        await ImportDaysAsync(world, 2, (day, i) => i % 3 == 0 ? german[((day * 997) + i) % german.Count] : InScope(day, i));

        var report = await world.CheckAsync(Detector.Data);

        report.ShouldTakeForLikely(DriftCause.QueryLanguageShifted);
        report.Diagnosis.WhatHappened.ShouldContain("de rose from");
        report.Of(Detector.Model)!.Verdict.ShouldBe(DriftVerdict.None);
        report.Of(Detector.Data)!.Runs.ShouldBe(2, "the day before shows it too");
    }

    [Fact]
    public async Task QueriesAreAboutOtherThings()
    {
        await using var world = await DriftWorld.StartAsync();
        await ImportDaysAsync(world, Days - 2, InScope, until: 2);
        await world.Engine.Drift.TakeBaselineAsync(DriftWorld.Index, DriftWorld.Cancellation);
        var other = Texts.Questions("en");
        await ImportDaysAsync(world, 2, (day, i) => i % 3 == 0 ? other[((day * 997) + i) % other.Count] : InScope(day, i));

        (await world.CheckAsync(Detector.Data)).ShouldTakeForLikely(DriftCause.QueryTopicsShifted);
    }

    [Fact]
    public async Task OneOddDayIsSuspectedAndNotConfirmed()
    {
        await using var world = await DriftWorld.StartAsync();
        await ImportDaysAsync(world, Days - 1, InScope, until: 1);
        await world.Engine.Drift.TakeBaselineAsync(DriftWorld.Index, DriftWorld.Cancellation);
        var other = Texts.Questions("en");
        await ImportDaysAsync(world, 1, (day, i) => i % 3 == 0 ? other[((day * 997) + i) % other.Count] : InScope(day, i));

        (await world.CheckAsync(Detector.Data)).Verdict.ShouldBe(DriftVerdict.Suspected);
    }

    [Fact]
    public async Task TheQuerySideWasUpgradedWithoutTheCorpus()
    {
        Assert.SkipWhen(DriftWorld.E5 is null, "DRIFTGUARD_E5_MODEL_DIR names no folder with e5-small-v2");
        await using var world = await DriftWorld.StartAsync();
        world.AddE5();
        await ImportDaysAsync(world, 3, InScope, until: 2);
        await world.Engine.Drift.TakeBaselineAsync(DriftWorld.Index, DriftWorld.Cancellation); // of queries that were asked
        using var upgraded = world.Open("e5");
        var texts = Enumerable.Range(0, 2 * QueriesADay).Select(i => InScope(i / QueriesADay, i % QueriesADay)).ToList();
        var vectors = await DriftWorld.VectorsAsync(upgraded, texts, InputKind.Query);
        await world.ImportAsync(texts.Select((_, i) => (object)new { vector = vectors[i], at = At(world, (i / QueriesADay) + 1, i % QueriesADay) }));

        var report = await world.CheckAsync(Detector.Data);

        report.ShouldTakeForLikely(DriftCause.QuerySideUpgraded);
        report.Of(Detector.Model)!.Verdict.ShouldBe(DriftVerdict.None, "the index' own model is what it was");
        report.Of(Detector.Index)!.Verdict.ShouldBe(DriftVerdict.None);
    }

    [Fact]
    public async Task TheQuerySideWasUpgradedAndTextsAreKept()
    {
        Assert.SkipWhen(DriftWorld.E5 is null, "DRIFTGUARD_E5_MODEL_DIR names no folder with e5-small-v2");
        await using var world = await DriftWorld.StartAsync();
        world.AddE5();
        world.Options = world.Options with { StoreQueryText = true };
        await world.RestartAsync();
        using var upgraded = world.Open("e5");
        var texts = Enumerable.Range(0, 20).Select(i => InScope(0, i)).ToList();
        var vectors = await DriftWorld.VectorsAsync(upgraded, texts, InputKind.Query);
        var import = await world.ImportAsync(texts.Select((text, i) => (object)new { text, vector = vectors[i], at = At(world, 1, i) }));

        (import.Compared, import.Reproduced).ShouldBe((20, 0), "the import says so at once");
        (await world.CheckAsync(Detector.Data)).ShouldBeCertainOf(DriftCause.QuerySideUpgraded);
    }

    [Fact]
    public async Task DocumentsAreAboutOtherThings()
    {
        await using var world = await DriftWorld.StartAsync();
        await world.LoadAsync(Texts.Intents(90, 40, 10).Select(document => (document.Id, document.Text)));
        (await world.PointsAsync()).Count.ShouldBe(1000);

        var report = await world.CheckAsync(Detector.Data);

        report.ShouldTakeForLikely(DriftCause.DocumentsShifted);
        report.Of(Detector.Data)!.Data!.NewDocuments.ShouldNotBeEmpty();
        report.Of(Detector.Index)!.Verdict.ShouldBe(DriftVerdict.None);
    }

    [Fact]
    public async Task MoreDocumentsOfTheSameTopicsAreNoDrift()
    {
        await using var world = await DriftWorld.StartAsync();
        await world.LoadAsync(Texts.Intents(0, 60, 15).Select(document => (document.Id, document.Text)));

        var documents = (await world.CheckAsync(Detector.Data)).Of(Detector.Data)!.Data!.Documents!;

        documents.Verdict.ShouldBe(DriftVerdict.None);
    }

    /// <summary>Queries of the index' intents, other ones each day.</summary>
    private static string InScope(int day, int i)
    {
        var queries = Scope.Value;
        return queries[((day * 613) + (i * 7)) % queries.Count];
    }

    private static readonly Lazy<IReadOnlyList<string>> Scope = new(() =>
        [.. Texts.QueriesOf(Texts.Intents(0, 60, 10)).Select(query => query.Text), .. Texts.Intents(0, 60, 40).Select(document => document.Text)]);

    private static Task ImportDaysAsync(DriftWorld world, int days, Func<int, int, string> text, int until = 0) =>
        world.ImportAsync(Enumerable.Range(0, days).SelectMany(day => Enumerable.Range(0, QueriesADay).Select(i =>
            (object)new { text = text(day + until, i), session = $"s{i / 3}", at = At(world, day + until + 1, i) })));

    /// <summary>Some time on a day, so many days ago.</summary>
    private static string At(DriftWorld world, int daysAgo, int i) =>
        world.Time.GetUtcNow().UtcDateTime.Date.AddDays(-daysAgo).AddHours(8).AddSeconds(i * 20).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
