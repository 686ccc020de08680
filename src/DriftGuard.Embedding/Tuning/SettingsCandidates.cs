namespace DriftGuard.Embedding.Tuning;

/// <summary>What can be tried: in each list the first one is what is taken where others are no faster.</summary>
/// <param name="Preset">What is used until there was a trial.</param>
/// <param name="Shapes">Sessions and threads, all with the fewest tokens a run, so that one run of a large model is soon over.</param>
/// <param name="TokensPerRun">Tokens a run, ascending, to be tried with the best shape.</param>
internal sealed record SettingsCandidates(InferenceSettings Preset, IReadOnlyList<InferenceSettings> Shapes, IReadOnlyList<int> TokensPerRun)
{
    /// <summary>Tokens a run that are tried: fewer stay in the cache, more have less to do for each run.</summary>
    public static readonly int[] Ladder = [256, 512, 1024, 2048, 4096];

    /// <summary>Whether there is anything to choose from.</summary>
    public bool IsChoice => Shapes.Count > 1 || TokensPerRun.Count > 1;

    /// <summary>The candidates of a model on a machine.</summary>
    /// <param name="options">What is stated is not tried.</param>
    /// <param name="oneByOne">Whether the graph takes one text a run, whatever is stated.</param>
    /// <param name="cores">Cores of the machine.</param>
    /// <param name="onCpu">Whether the graph runs on them; elsewhere a session uses the whole device.</param>
    /// <param name="sessionsThatFit">Sessions whose weights fit in memory.</param>
    public static SettingsCandidates For(EmbeddingModelOptions options, bool oneByOne, int cores, bool onCpu, int sessionsThatFit)
    {
        var tokens = oneByOne ? [1] : options.TokensPerRun is { } stated ? [stated] : Ladder;
        var shapes = Together(SessionsAndThreads(options.Sessions, options.ThreadsPerSession, onCpu ? cores : 1, Math.Max(1, sessionsThatFit)), sessionsThatFit)
            .Select(s => new InferenceSettings(s.Sessions, s.Threads, tokens[0])).ToList();
        return new(shapes[0] with { TokensPerRun = tokens.Length == 1 ? tokens[0] : EmbeddingModelOptions.DefaultTokensPerRun }, shapes, tokens);
    }

    /// <summary>One session a core mostly wins; one with all threads where weights are too large for the caches; or both in between.</summary>
    private static IEnumerable<(int Sessions, int Threads)> SessionsAndThreads(int? sessions, int? threads, int cores, int fitting)
    {
        if (sessions is { } stated)
            return threads is { } both ? [(stated, both)] : [(stated, 1), (stated, Math.Max(1, cores / stated))];
        if (threads is { } each)
            return [(Math.Clamp(cores / each, 1, fitting), each), (Math.Clamp(cores / each / 2, 1, fitting), each)];
        var most = Math.Min(cores, fitting);
        (int, int) first = (most, cores / most);
        return cores < 4 ? [first, (1, cores)] : [first, (cores / 2, 1), (cores / 2, 2), (1, cores)];
    }

    /// <summary>The trial holds all sessions that it needs at the same time; those of the same threads are shared.</summary>
    private static IEnumerable<(int Sessions, int Threads)> Together(IEnumerable<(int Sessions, int Threads)> shapes, int fitting)
    {
        var opened = new Dictionary<int, int>();
        foreach (var (sessions, threads) in shapes.Distinct())
        {
            var more = Math.Max(0, sessions - opened.GetValueOrDefault(threads));
            if (opened.Count > 0 && opened.Values.Sum() + more > fitting)
                continue;
            opened[threads] = opened.GetValueOrDefault(threads) + more;
            yield return (sessions, threads);
        }
    }
}
