using System.Globalization;

namespace DriftGuard.Embedding;

/// <summary>How a graph is run in the process. Nothing in it changes a vector beyond the rounding of floats.</summary>
/// <param name="Sessions">Sessions side by side, each with its own copy of the weights.</param>
/// <param name="ThreadsPerSession">Threads that one run of a session takes.</param>
/// <param name="TokensPerRun">Tokens of one run, padding included; 1: one text a run.</param>
public sealed record InferenceSettings(int Sessions, int ThreadsPerSession, int TokensPerRun)
{
    /// <summary>The settings in words.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count(Sessions, "session")} of {Count(ThreadsPerSession, "thread")}, {(TokensPerRun == 1 ? "one text a run" : $"up to {TokensPerRun} tokens a run")}");

    private static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
