using DriftGuard.Embedding.Tuning;

namespace DriftGuard.Embedding.Tests.Tuning;

public sealed class SettingsCandidatesTests
{
    private const int Plenty = 1000;

    [Theory]
    [InlineData(1, Plenty, null, null, "1x1")]
    [InlineData(2, Plenty, null, null, "2x1 1x2")]
    [InlineData(8, Plenty, null, null, "8x1 4x1 4x2 1x8")]
    [InlineData(8, 9, null, null, "8x1 4x1 1x8")]
    [InlineData(8, 3, null, null, "3x2")]
    [InlineData(8, 1, null, null, "1x8")]
    [InlineData(8, Plenty, 2, null, "2x1 2x4")]
    [InlineData(8, Plenty, null, 2, "4x2 2x2")]
    [InlineData(8, Plenty, 16, 3, "16x3")]
    public void Shapes_use_the_cores_and_fit_in_memory_together(int cores, int fitting, int? sessions, int? threads, string shapes)
    {
        var candidates = SettingsCandidates.For(new() { Sessions = sessions, ThreadsPerSession = threads }, oneByOne: true, cores, onCpu: true, fitting);

        string.Join(' ', candidates.Shapes.Select(s => $"{s.Sessions}x{s.ThreadsPerSession}")).ShouldBe(shapes);
    }

    [Fact]
    public void A_device_of_its_own_gets_one_session()
    {
        SettingsCandidates.For(new(), oneByOne: false, cores: 16, onCpu: false, Plenty).Shapes.ShouldHaveSingleItem().ShouldBe(new(1, 1, 256));
    }

    [Fact]
    public void A_graph_whose_vectors_depend_on_the_batch_takes_one_text_a_run_whatever_is_stated()
    {
        var candidates = SettingsCandidates.For(new() { TokensPerRun = 512 }, oneByOne: true, cores: 2, onCpu: true, Plenty);

        candidates.TokensPerRun.ShouldBe([1]);
        candidates.Preset.TokensPerRun.ShouldBe(1);
    }

    [Fact]
    public void What_is_stated_is_not_tried()
    {
        var candidates = SettingsCandidates.For(new() { Sessions = 3, ThreadsPerSession = 1, TokensPerRun = 512 }, oneByOne: false, cores: 2, onCpu: true, Plenty);

        candidates.IsChoice.ShouldBeFalse();
        candidates.Preset.ShouldBe(new(3, 1, 512));
    }

    [Theory]
    [InlineData(100, 1000, 3)]
    [InlineData(100, 0, 1)]
    [InlineData(0, 1000, 700)]
    public void Sessions_take_twice_their_files_and_at_most_most_of_what_is_free(long weights, long free, int fitting) =>
        SessionMemory.Fitting(weights, free).ShouldBe(weights == 0 ? (int)(.7 * free) : fitting);
}
