using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Diagnosis;
using DriftGuard.Embedding;
using DriftGuard.Testing.Models;
using DriftGuard.Worker.Drift.Enrolment;
using DriftGuard.Worker.Tests.Models;

namespace DriftGuard.Worker.Tests.Drift.Causes;

/// <summary>A provider over HTTP serves something else under the same name: no file and no digest tells, only the probes do.</summary>
public sealed class ProviderCauseTests
{
    [Fact]
    public async Task AnotherModelOfTheSameDimension()
    {
        Assert.SkipWhen(DriftWorld.E5 is null, "DRIFTGUARD_E5_MODEL_DIR names no folder with e5-small-v2");
        await using var provider = await ProviderWorld.StartAsync();
        provider.World.AddE5();
        using var other = provider.World.Open("e5");
        provider.Server.Serve(other);

        var report = await provider.World.CheckAsync(Detector.Model);

        report.ShouldTakeForLikely(DriftCause.ProviderChangedModel);
        report.Of(Detector.Model)!.Model!.Probes!.MedianDistance.ShouldBeGreaterThan(.5);
        report.Of(Detector.Model)!.Runs.ShouldBe(2, "what is suspected is looked at again");
        report.Of(Detector.Quality)!.Verdict.ShouldNotBe(DriftVerdict.None, "queries are embedded by the new model, documents were by the old one");
    }

    [Theory]
    [InlineData("max_tokens", "64", DriftCause.TruncationChanged)]
    [InlineData("tokenizer.strip_accents", "false", DriftCause.TextPreparationChanged)]
    [InlineData("normalisation", "none", DriftCause.NormalisationChanged)]
    public async Task TheSameModelServedInAnotherWay(string key, string value, DriftCause cause)
    {
        await using var provider = await ProviderWorld.StartAsync(settings: key == "normalisation" ? "normalisation: none" : ""); // as the provider sends them
        provider.World.AddModel("changed").With(key, value);
        using var changed = provider.World.Open("changed");
        provider.Server.Serve(changed);

        (await provider.World.CheckAsync(Detector.Model)).ShouldTakeForLikely(cause);
    }

    [Fact]
    public async Task AnotherPrecision()
    {
        await using var provider = await ProviderWorld.StartAsync();
        provider.World.AddModel("float").WithGraph(FloatTwin.Write);
        using var changed = provider.World.Open("float");
        provider.Server.Serve(changed);

        (await provider.World.CheckAsync(Detector.Model)).ShouldTakeForLikely(DriftCause.PrecisionChanged);
    }

    [Fact]
    public async Task TheAxesTurned()
    {
        await using var provider = await ProviderWorld.StartAsync();
        provider.World.AddModel("turned").WithGraph((source, target) => ReorientedTwin.Write(source, target, Orthogonal.Rotation(384, 9)));
        using var changed = provider.World.Open("turned");
        provider.Server.Serve(changed);

        (await provider.World.CheckAsync(Detector.Model)).ShouldBeCertainOf(DriftCause.AxesReoriented);
    }

    [Fact]
    public async Task ItAnswersAsAnotherModel()
    {
        await using var provider = await ProviderWorld.StartAsync();
        provider.Server.ModelName = "tests/remote-v2";

        var report = await provider.World.CheckAsync(Detector.Model);

        report.ShouldBeCertainOf(DriftCause.ProviderChangedModel);
        report.Of(Detector.Model)!.Reason.ShouldBe(DriftReason.IdentityChanged);
        report.Diagnosis.WhatHappened.ShouldContain("tests/remote-v2");
    }

    [Fact]
    public async Task ItsNoiseIsNoDrift()
    {
        await using var provider = await ProviderWorld.StartAsync(noise: 1e-4);

        (await provider.World.CheckAsync(Detector.Model)).Verdict.ShouldBe(DriftVerdict.None);
    }

    [Fact]
    public async Task ItIsDown()
    {
        await using var provider = await ProviderWorld.StartAsync();
        provider.Server.Fail();

        var report = await provider.World.CheckAsync();

        report.Of(Detector.Model)!.Verdict.ShouldBe(DriftVerdict.Failed);
        report.Of(Detector.Model)!.Reason.ShouldBe(DriftReason.ModelUnavailable);
        report.Of(Detector.Index)!.Verdict.ShouldBe(DriftVerdict.Failed);
        report.Diagnosis.Cause.ShouldBe(DriftCause.CouldNotLook);
    }

    [Fact]
    public async Task TheDaysBudgetIsSpent()
    {
        await using var provider = await ProviderWorld.StartAsync(textsPerDay: 30);

        var report = await provider.World.CheckAsync(Detector.Model);

        report.Of(Detector.Model)!.Verdict.ShouldBe(DriftVerdict.InsufficientData);
        report.Of(Detector.Model)!.Reason.ShouldBe(DriftReason.BudgetSpent);
        report.Of(Detector.Model)!.Sentence.ShouldContain("drift.providerTextsPerDay");
    }

    /// <summary>The index "docs" under a model that is asked over HTTP, whose server begins with MiniLM.</summary>
    private sealed class ProviderWorld : IAsyncDisposable
    {
        private EmbeddingModel first = null!;

        public DriftWorld World { get; private set; } = null!;

        public SwitchableProvider Server { get; private set; } = null!;

        public static async Task<ProviderWorld> StartAsync(double noise = 0, int textsPerDay = 20_000, string settings = "")
        {
            var provider = new ProviderWorld { World = await DriftWorld.EmptyAsync() };
            provider.first = provider.World.Open(DriftWorld.Model);
            provider.Server = await SwitchableProvider.StartAsync(new RememberingGenerator(provider.first));
            provider.Server.AddNoise(noise, 1);
            ProviderFolder.Write(Path.Join(provider.World.Models, "remote"), provider.Server, 384, settings: settings, endpoint: "retries: 0\nrequests_per_minute: 600000");
            provider.World.Options = provider.World.Options with { ProviderTextsPerDay = textsPerDay };
            await provider.World.RestartAsync();
            var documents = Texts.Intents(0, 60, 5);
            Texts.WriteSet(Path.Join(provider.World.Folder, "sets", "intents"), documents);
            await provider.World.Engine.Indexes.CreateAsync(DriftWorld.Index, "remote", DriftWorld.TextField, "intents", DriftWorld.Cancellation);
            await provider.World.LoadAsync(documents.Select(d => (d.Id, d.Text)));
            await provider.World.Engine.Drift.TakeBaselineAsync(DriftWorld.Index, DriftWorld.Cancellation);
            (await provider.World.Engine.Installation.State.ListEnrolmentsAsync(DriftWorld.Cancellation)).Count.ShouldBe(1, "an index' model is measured when the index is created");
            ModelEnroller.Repeats.ShouldBe(5);
            return provider;
        }

        public async ValueTask DisposeAsync()
        {
            await World.DisposeAsync();
            await Server.DisposeAsync();
            first.Dispose();
        }
    }
}
