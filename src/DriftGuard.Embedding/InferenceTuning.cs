using System.Globalization;

namespace DriftGuard.Embedding;

/// <summary>Where the settings in use come from.</summary>
public enum TuningOrigin
{
    /// <summary>The caller stated them, or the machine leaves no choice.</summary>
    Stated,

    /// <summary>What mostly is fastest; the trial comes with the first bulk work.</summary>
    Preset,

    /// <summary>The trial's, measured in this process.</summary>
    Measured,

    /// <summary>The trial's, measured earlier with the same model on the same kind of machine.</summary>
    Kept,
}

/// <summary>The settings that a graph is run with, and why these.</summary>
/// <param name="Settings">The settings in use.</param>
/// <param name="Origin">Where they come from.</param>
/// <param name="Trials">What each candidate of the trial reached; empty without a trial.</param>
/// <param name="Remark">What else there is to say, such as why there was no trial; empty if there is nothing.</param>
public sealed record InferenceTuning(InferenceSettings Settings, TuningOrigin Origin, IReadOnlyList<TuningTrial> Trials, string Remark = "")
{
    /// <summary>Settings, origin and the figures of the candidates in one line.</summary>
    public override string ToString()
    {
        var text = $"{Settings} ({Origin.ToString().ToLowerInvariant()})";
        if (Remark.Length > 0)
            text += $"; {Remark}";
        return Trials.Count == 0 ? text : $"{text}; texts/s of the trial: {string.Join(", ", Trials)}";
    }
}

/// <summary>What one candidate of a trial reached on a synthetic mix of short and long texts.</summary>
/// <param name="Settings">The candidate.</param>
/// <param name="TextsPerSecond">Texts of the mix a second, in its best turn.</param>
/// <param name="StoppedEarly">Whether it was so much slower than another that it got no further turn.</param>
public sealed record TuningTrial(InferenceSettings Settings, double TextsPerSecond, bool StoppedEarly)
{
    /// <summary>The candidate in short, e.g. <c>2x1x1024: 5300</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Settings.Sessions}x{Settings.ThreadsPerSession}x{Settings.TokensPerRun}: {TextsPerSecond:F0}{(StoppedEarly ? " (stopped)" : "")}");
}
