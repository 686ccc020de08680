using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tests.Goldens;

namespace DriftGuard.Embedding.Tests.Tuning;

public sealed class SelfTuningTests : IDisposable
{
    private static readonly string[] Bulk = [.. Enumerable.Repeat("apple pear", EmbeddingModelOptions.TextsThatPayForATrial)];

    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"driftguard-tuning-{Guid.NewGuid():N}");

    [Fact]
    public async Task Settings_are_measured_before_the_bulk_work_that_pays_and_not_for_searches()
    {
        using var tiny = new TinyModel().Write();
        var told = new List<InferenceTuning>();
        using var model = tiny.Open(new() { Tuned = told.Add });

        await model.EmbedAsync(["apple"], InputKind.Query);
        model.Tuning!.Origin.ShouldBe(TuningOrigin.Preset);
        told.ShouldBeEmpty();
        await model.EmbedAsync(Bulk, InputKind.Document);

        model.Tuning.Origin.ShouldBe(TuningOrigin.Measured);
        model.Tuning.Trials.ShouldNotBeEmpty();
        model.Description.ShouldContain(model.Tuning.ToString());
        told.ShouldHaveSingleItem().ShouldBe(model.Tuning);
        model.Statistics.Texts.ShouldBe(Bulk.Length + 1, "the trial's texts are nobody's");
    }

    [Fact]
    public async Task What_was_measured_is_kept_for_the_same_model_and_stated_settings()
    {
        using var tiny = new TinyModel().Write();
        var options = new EmbeddingModelOptions { TuningDirectory = _directory };
        InferenceTuning measured;
        using (var first = tiny.Open(options))
        {
            await first.TuneAsync();
            measured = first.Tuning!;
        }

        using var second = tiny.Open(options);
        second.Tuning!.Origin.ShouldBe(TuningOrigin.Kept);
        second.Tuning.Settings.ShouldBe(measured.Settings);
        second.Tuning.Trials.ShouldBe(measured.Trials);
        using var other = tiny.Open(options with { TokensPerRun = 64 });
        other.Tuning!.Origin.ShouldNotBe(TuningOrigin.Kept, "other settings were stated");
    }

    [Fact]
    public async Task A_kept_file_that_cannot_be_read_is_measured_again()
    {
        using var tiny = new TinyModel().Write();
        var options = new EmbeddingModelOptions { TuningDirectory = _directory };
        using (var first = tiny.Open(options))
            await first.TuneAsync();
        foreach (var file in Directory.GetFiles(_directory))
            File.WriteAllText(file, "{ \"settings\": { \"sessions\": 0");

        using var second = tiny.Open(options);

        second.Tuning!.Origin.ShouldBe(TuningOrigin.Preset);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_told_and_stops_nothing()
    {
        using var tiny = new TinyModel().Write();
        using var model = tiny.Open(new() { TuningDirectory = Path.Combine(tiny.SpecFile, "below-a-file") });

        await model.TuneAsync();

        model.Tuning!.Origin.ShouldBe(TuningOrigin.Measured);
        model.Tuning.Remark.ShouldStartWith("not kept: ");
    }

    [Fact]
    public async Task Stated_settings_are_not_measured()
    {
        using var tiny = new TinyModel().Write();
        using var model = tiny.Open(new() { Sessions = 1, ThreadsPerSession = 1, TokensPerRun = 12 });

        await model.EmbedAsync(Bulk, InputKind.Document);
        await model.TuneAsync();

        model.Tuning.ShouldBe(new(new(1, 1, 12), TuningOrigin.Stated, []));
    }

    [Fact]
    public async Task Calls_during_the_trial_and_the_exchange_of_workers_give_what_they_always_give()
    {
        using var tiny = new TinyModel().Write();
        using var model = tiny.Open(new());
        var expected = (await model.EmbedAsync(["apple pear"], InputKind.Document))[0];
        var tuning = model.TuneAsync();

        while (!tuning.IsCompleted)
        {
            foreach (var outcome in await model.EmbedAsync([.. Enumerable.Repeat("apple pear", 20)], InputKind.Document))
                outcome.ShouldBeSameOutcomeAs(expected);
        }

        await tuning;
    }

    [Fact]
    public async Task A_model_may_be_disposed_during_the_trial()
    {
        using var tiny = new TinyModel().Write();
        var model = tiny.Open(new());
        var call = model.EmbedAsync(Bulk, InputKind.Document).AsTask();

        model.Dispose();

        await call.ContinueWith(t => t.Exception?.InnerException.ShouldBeOfType<ObjectDisposedException>(), TaskScheduler.Default);
    }

    [Theory]
    [InlineData(ShippedModels.MiniLm, true)]
    [InlineData(ShippedModels.Static, false)]
    public async Task No_settings_that_could_be_chosen_change_a_vector(string name, bool bitByBit)
    {
        var texts = Golden.Embeddings(name).Select(g => g.Text).ToArray();
        using var plain = ShippedModels.Open(name, new() { Sessions = 1, ThreadsPerSession = 1, TokensPerRun = 1 });
        var expected = await plain.EmbedAsync(texts, InputKind.Document);

        foreach (var (sessions, threads, tokens) in new[] { (2, 1, 256), (1, 2, 4096), (2, 2, 1024) })
        {
            using var tuned = ShippedModels.Open(name, new() { Sessions = sessions, ThreadsPerSession = threads, TokensPerRun = tokens });
            var outcomes = await tuned.EmbedAsync(texts, InputKind.Document);
            for (var i = 0; i < texts.Length; i++)
            {
                if (bitByBit)
                    outcomes[i].ShouldBeSameOutcomeAs(expected[i]);
                else
                    (outcomes[i].Vector ?? []).ShouldBe(expected[i].Vector ?? [], tolerance: 1e-6);
            }
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }
}
