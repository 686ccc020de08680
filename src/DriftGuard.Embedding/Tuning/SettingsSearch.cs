namespace DriftGuard.Embedding.Tuning;

/// <summary>Runs a mix of texts with some settings for about as long as it is told.</summary>
internal delegate Task<TrialSlice> MeasureSettings(InferenceSettings settings, TimeSpan slice);

/// <summary>What was done in one turn of a candidate.</summary>
/// <param name="Texts">Texts of the mix that this is worth, by tokens.</param>
/// <param name="Tokens">Their tokens, padding not counted.</param>
/// <param name="Elapsed">How long it took.</param>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
internal readonly record struct TrialSlice(double Texts, long Tokens, TimeSpan Elapsed);

/// <summary>
/// Finds the fastest settings: first sessions and threads, then with the best of these the tokens a run. Candidates are measured in
/// turns, so that other load on the machine falls on all of them, and count by their best turn, since load only slows. The clock is
/// the measurements' own.
/// </summary>
/// <param name="measure">Measures one candidate.</param>
internal sealed class SettingsSearch(MeasureSettings measure)
{
    /// <summary>
    /// Once as much was measured, nothing more is begun: a small model has had all turns by then. A large one exceeds it by the turn
    /// under way, which is at least one run a core.
    /// </summary>
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(1.5);

    /// <summary>A run that takes longer gains nothing over a shorter one, and a search waits for it.</summary>
    public static readonly TimeSpan LongestRun = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(40);

    /// <summary>More turns than anything needs that is not near another.</summary>
    private const int Turns = 4;

    /// <summary>Turns after which a candidate may be given up: in fewer it may have been disturbed each time.</summary>
    private const int TurnsOfAll = 3;

    /// <summary>Below this share of the fastest, a candidate gets no further turn.</summary>
    private const double Hopeless = .8;

    /// <summary>
    /// Figures nearer than this are equal, and the first of equals is taken: one session a core, which mostly is the fastest, and few tokens
    /// a run. A shared machine disturbs a turn by more than a choice among near ones could gain.
    /// </summary>
    private const double Noise = .1;

    private readonly List<TuningTrial> _trials = [];
    private TimeSpan _spent;

    /// <summary>The fastest settings and what all candidates reached, in the order in which they were tried.</summary>
    public async Task<(InferenceSettings Best, IReadOnlyList<TuningTrial> Trials)> FindAsync(SettingsCandidates candidates)
    {
        var shape = await FastestAsync(candidates.Shapes).ConfigureAwait(false);
        if (candidates.TokensPerRun.Count == 1)
            return (shape.Settings, _trials);
        // So slow that there is no time left: the fewest tokens a run, with which it was measured, keep searches from waiting.
        if (_spent >= Budget)
            return (shape.Settings, _trials);
        var runsPerSecond = shape.TokensPerSecond / shape.Settings.Sessions;
        var rungs = candidates.TokensPerRun.Where((tokens, i) => i == 0 || tokens <= runsPerSecond * LongestRun.TotalSeconds);
        var best = await FastestAsync([.. rungs.Select(tokens => shape.Settings with { TokensPerRun = tokens })]).ConfigureAwait(false);
        return (best.Settings, _trials);
    }

    private async Task<Candidate> FastestAsync(IReadOnlyList<InferenceSettings> settings)
    {
        var all = settings.Select(s => new Candidate(s)).ToList();
        for (var turn = 0; turn < Turns && all.Exists(c => !c.IsStopped); turn++)
        {
            // There and back, so that what changes steadily does not favour one end.
            foreach (var candidate in turn % 2 == 0 ? all : Enumerable.Reverse(all))
            {
                if (candidate.IsStopped || (_spent >= Budget && all[0].HasRun))
                    continue;
                var slice = await measure(candidate.Settings, Slice).ConfigureAwait(false);
                _spent += slice.Elapsed;
                candidate.Add(slice);
            }

            if (turn + 1 < TurnsOfAll)
                continue;
            var fastest = all.Max(c => c.TextsPerSecond);
            all.ForEach(c => c.IsStopped = c.TextsPerSecond < Hopeless * fastest);
            if (all.Count(c => !c.IsStopped) == 1)
                break;
        }

        var measured = all.FindAll(c => c.HasRun);
        _trials.AddRange(measured.Select(c => new TuningTrial(c.Settings, c.TextsPerSecond, c.IsStopped)));
        var best = measured.Max(c => c.TextsPerSecond);
        return measured.Find(c => c.TextsPerSecond >= (1 - Noise) * best)!;
    }

    private sealed class Candidate(InferenceSettings settings)
    {
        public InferenceSettings Settings => settings;

        public bool HasRun { get; private set; }

        public bool IsStopped { get; set; }

        public double TextsPerSecond { get; private set; }

        public double TokensPerSecond { get; private set; }

        public void Add(TrialSlice slice)
        {
            HasRun = true;
            TextsPerSecond = Math.Max(TextsPerSecond, slice.Texts / slice.Elapsed.TotalSeconds);
            TokensPerSecond = Math.Max(TokensPerSecond, slice.Tokens / slice.Elapsed.TotalSeconds);
        }
    }
}
