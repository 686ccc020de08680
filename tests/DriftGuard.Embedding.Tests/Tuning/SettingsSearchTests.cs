using DriftGuard.Embedding.Tuning;

namespace DriftGuard.Embedding.Tests.Tuning;

public sealed class SettingsSearchTests
{
    private static readonly InferenceSettings Many = new(4, 1, 256);
    private static readonly InferenceSettings One = new(1, 4, 256);

    [Fact]
    public async Task The_fastest_shape_is_taken_and_then_the_fastest_tokens_a_run_with_it()
    {
        var machine = new Machine(s => (s.Sessions == 1 ? 200 : 100) + (s.TokensPerRun == 2048 ? 50 : 0));

        var (best, trials) = await machine.FindAsync(new(Many, [Many, One], [256, 512, 1024, 2048, 4096]));

        best.ShouldBe(One with { TokensPerRun = 2048 });
        trials.Count.ShouldBe(7);
        trials.Single(t => t.Settings == best).TextsPerSecond.ShouldBe(250, tolerance: 1e-6);
    }

    [Fact]
    public async Task Where_candidates_are_equal_the_first_is_taken()
    {
        var machine = new Machine(s => s == One ? 102 : 100 + (s.TokensPerRun / 4096.0));

        (await machine.FindAsync(new(Many, [Many, One], [256, 512, 4096]))).Best.ShouldBe(Many);
    }

    [Fact]
    public async Task A_candidate_that_is_clearly_slower_does_not_get_all_turns()
    {
        var machine = new Machine(s => s == Many ? 100 : s == One ? 10 : 90);

        var (_, trials) = await machine.FindAsync(new(Many, [Many, One, new(2, 2, 256)], [256]));

        machine.Turns[One].ShouldBe(3);
        machine.Turns[new(2, 2, 256)].ShouldBe(4);
        trials.Where(t => t.StoppedEarly).Select(t => t.Settings).ShouldBe([One]);
    }

    [Fact]
    public async Task A_disturbed_turn_does_not_decide()
    {
        var turn = 0;
        var machine = new Machine(s => s == Many && turn++ == 0 ? 5 : s == Many ? 120 : 100);

        (await machine.FindAsync(new(Many, [One, Many], [256]))).Best.ShouldBe(Many);
    }

    [Fact]
    public async Task A_large_model_has_each_shape_tried_only_while_there_is_time()
    {
        var machine = new Machine(_ => 100, TimeSpan.FromSeconds(2));

        var (best, trials) = await machine.FindAsync(new(Many, [Many, One], [256, 512, 1024]));

        best.ShouldBe(Many);
        trials.ShouldHaveSingleItem();
        machine.Turns.Values.Sum().ShouldBe(1);
    }

    [Fact]
    public async Task Small_models_are_done_within_the_budget()
    {
        var machine = new Machine(_ => 100);

        await machine.FindAsync(new(Many, [Many, One, new(2, 1, 256), new(2, 2, 256)], [256, 512, 1024, 2048, 4096]));

        machine.Spent.ShouldBeLessThanOrEqualTo(SettingsSearch.Budget + TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task Runs_so_long_that_searches_would_wait_are_not_tried()
    {
        // 4 sessions, 1,000 texts of 20 tokens a second: 5,000 tokens a second each, 500 of them in a tenth of a second.
        var machine = new Machine(s => 1000, tokensPerText: 20);

        var (_, trials) = await machine.FindAsync(new(Many, [Many], [256, 512, 1024]));

        trials.Select(t => t.Settings.TokensPerRun).Distinct().ShouldBe([256]);
    }

    /// <summary>A machine of which it is known how many texts a second it does.</summary>
    private sealed class Machine(Func<InferenceSettings, double> textsPerSecond, TimeSpan? shortest = null, int tokensPerText = 1_000_000)
    {
        public Dictionary<InferenceSettings, int> Turns { get; } = [];

        public TimeSpan Spent { get; private set; }

        public Task<(InferenceSettings Best, IReadOnlyList<TuningTrial> Trials)> FindAsync(SettingsCandidates candidates) =>
            new SettingsSearch((settings, slice) =>
            {
                Turns[settings] = Turns.GetValueOrDefault(settings) + 1;
                var elapsed = shortest > slice ? shortest.Value : slice;
                Spent += elapsed;
                var texts = textsPerSecond(settings) * elapsed.TotalSeconds;
                return Task.FromResult(new TrialSlice(texts, (long)(texts * tokensPerText), elapsed));
            }).FindAsync(candidates);
    }
}
