using DriftGuard.Embedding;
using DriftGuard.Worker.Configuration;

namespace DriftGuard.Worker.Models;

/// <summary>How models are run as the configuration says.</summary>
public static class ModelSettings
{
    /// <summary>The folder in the data folder where trials' results are kept.</summary>
    public const string TuningFolder = "tuning";

    /// <summary>The options of a model: what is configured, and the rest measured and kept in the data folder where there is one.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="tuned">Told once the settings are found.</param>
    public static EmbeddingModelOptions EmbeddingOptions(this DriftGuardOptions options, Action<InferenceTuning>? tuned = null) => new()
    {
        Sessions = Stated(options.Models.Sessions),
        ThreadsPerSession = Stated(options.Models.ThreadsPerSession),
        TokensPerRun = Stated(options.Models.TokensPerRun),
        ExecutionProviders = options.Models.ExecutionProviders,
        TuningDirectory = Directory.Exists(options.DataDirectory) ? Path.Join(options.DataDirectory, TuningFolder) : null,
        Tuned = tuned,
    };

    private static int? Stated(int value) => value > 0 ? value : null;
}
