using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Diagnosis;
using DriftGuard.Testing.Models;

namespace DriftGuard.Worker.Tests.Drift.Causes;

/// <summary>The model's folder changes under an index, as careless upgrades and half copies change it; each change is really made.</summary>
public sealed class ModelCauseTests
{
    [Fact]
    public async Task NothingAtAll()
    {
        await using var world = await DriftWorld.StartAsync();

        var report = await world.CheckAsync();

        report.Verdict.ShouldBe(DriftVerdict.None);
        report.Diagnosis.Cause.ShouldBe(DriftCause.Nothing);
        foreach (var detector in new[] { Detector.Schema, Detector.Model, Detector.Index, Detector.Quality })
        {
            report.Of(detector)!.Verdict.ShouldBe(DriftVerdict.None, report.Of(detector)!.Sentence);
        }

        report.Of(Detector.Data)!.Verdict.ShouldBe(DriftVerdict.InsufficientData, "no queries were observed");
        report.Of(Detector.Model)!.Samples["probes"].ShouldBe(64);
    }

    [Fact]
    public async Task AFileWasExchanged()
    {
        await using var world = await DriftWorld.StartAsync();
        var vocabulary = Path.Join(world.Models, DriftWorld.Model, "vocab.txt");
        var lines = await File.ReadAllLinesAsync(vocabulary, DriftWorld.Cancellation);
        (lines[2054], lines[2055]) = (lines[2055], lines[2054]);
        File.Delete(vocabulary);
        await File.WriteAllTextAsync(vocabulary, string.Join('\n', lines) + "\n", DriftWorld.Cancellation);
        await world.RestartAsync();

        var report = await world.CheckAsync(Detector.Model);

        report.ShouldBeCertainOf(DriftCause.ModelFileChanged);
        report.Of(Detector.Model)!.Model!.Files.ShouldHaveSingleItem().Role.ShouldBe("vocabulary");
        report.Diagnosis.LastGoodCheck.ShouldNotBeNull("the model was good in the check before");
    }

    [Fact]
    public async Task TheGraphIsAnotherModelsOfTheSameDimension()
    {
        Assert.SkipWhen(DriftWorld.E5 is null, "DRIFTGUARD_E5_MODEL_DIR names no folder with e5-small-v2");
        await using var world = await DriftWorld.StartAsync();
        var graph = Path.Join(world.Models, DriftWorld.Model, "model.onnx");
        File.Delete(graph);
        File.Copy(Path.Join(DriftWorld.E5, "model.onnx"), graph);
        await world.RestartAsync();

        var report = await world.CheckAsync(Detector.Model);

        report.ShouldBeCertainOf(DriftCause.ModelFileChanged);
        report.Of(Detector.Model)!.Model!.Probes!.MedianDistance.ShouldBeGreaterThan(.5);
        report.Of(Detector.Index)!.Verdict.ShouldBe(DriftVerdict.Confirmed, "a check that finds drift runs the other detectors");
    }

    [Fact]
    public async Task Float32BecameInt8()
    {
        await using var world = await DriftWorld.StartAsync(DriftWorld.FloatIntents);
        var int8 = Path.Join(AppContext.BaseDirectory, "models", "all-minilm-l6-v2-int8", "model.onnx");
        world.ModelFolder().WithGraph((_, target) => File.Copy(int8, target, overwrite: true));
        await world.RestartAsync();

        var report = await world.CheckAsync(Detector.Model);

        report.ShouldBeCertainOf(DriftCause.PrecisionChanged);
        report.Diagnosis.WhatHappened.ShouldContain("float32 became int8");
        report.Of(Detector.Model)!.Model!.Probes!.MedianDistance.ShouldBeInRange(.001, .03);
    }

    [Theory]
    [InlineData("pooling", "cls", DriftCause.PoolingChanged, 64)]
    [InlineData("prefixes.document", "passage: ", DriftCause.PrefixChanged, 40)]
    [InlineData("max_tokens", "64", DriftCause.TruncationChanged, 8)]
    [InlineData("tokenizer.strip_accents", "false", DriftCause.TextPreparationChanged, 2)]
    [InlineData("normalisation", "none", DriftCause.NormalisationChanged, 0)]
    public async Task TheSpecWasEdited(string key, string value, DriftCause cause, int atLeastBeyond)
    {
        await using var world = await DriftWorld.StartAsync();
        world.ModelFolder().With(key, value);
        await world.RestartAsync();

        var report = await world.CheckAsync(Detector.Model);

        report.ShouldBeCertainOf(cause);
        var model = report.Of(Detector.Model)!.Model!;
        model.Spec.ShouldContain(difference => difference.Found.Contains(value, StringComparison.Ordinal));
        model.Probes!.Beyond.Count.ShouldBeGreaterThanOrEqualTo(atLeastBeyond);
        model.Found.ShouldNotBe(model.Enrolled);
    }

    [Theory]
    [InlineData("permuted")]
    [InlineData("rotated")]
    public async Task TheAxesWereTurned(string how)
    {
        await using var world = await DriftWorld.StartAsync();
        var turn = how == "permuted" ? Orthogonal.Permutation(384, 5) : Orthogonal.Rotation(384, 5);
        world.ModelFolder().WithGraph((source, target) => ReorientedTwin.Write(source, target, turn));
        await world.RestartAsync();

        var report = await world.CheckAsync(Detector.Model);

        report.ShouldBeCertainOf(DriftCause.AxesReoriented);
        report.Diagnosis.WhatHappened.ShouldContain(how);
    }

    [Fact]
    public async Task TheModelIsGone()
    {
        await using var world = await DriftWorld.StartAsync();
        File.Delete(Path.Join(world.Models, DriftWorld.Model, "model.onnx"));
        await world.RestartAsync();

        var report = await world.CheckAsync();

        report.Of(Detector.Model)!.Verdict.ShouldBe(DriftVerdict.Failed);
        report.Diagnosis.Cause.ShouldBe(DriftCause.ModelMissing);
        report.Of(Detector.Index)!.Verdict.ShouldBe(DriftVerdict.Failed, "what cannot look never says that nothing drifted");
    }
}
