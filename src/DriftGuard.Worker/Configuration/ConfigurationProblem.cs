using System.Globalization;

namespace DriftGuard.Worker.Configuration;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Message">What is wrong, what was expected and what to do.</param>
/// <param name="Key">The setting's path, such as <c>rollout.batchSize</c>, where it belongs to one.</param>
/// <param name="Source">Where the value comes from, such as <c>driftguard.yaml:12:3</c>, where known.</param>
public sealed record ConfigurationProblem(string Message, string? Key = null, string? Source = null)
{
    /// <summary>The order in which a reader meets them: by file or variable, then by line and column.</summary>
    internal static Comparer<ConfigurationProblem> BySource { get; } =
        Comparer<ConfigurationProblem>.Create((a, b) => Place(a.Source).CompareTo(Place(b.Source)));

    /// <inheritdoc/>
    public override string ToString() =>
        (Source is null ? "" : $"{Source}: ") + (Key is null ? "" : $"{Key}: ") + Message;

    private static (string Name, int Line, int Column) Place(string? source) =>
        source?.Split(':') is [.. var name, var line, var column]
            && int.TryParse(line, CultureInfo.InvariantCulture, out var l) && int.TryParse(column, CultureInfo.InvariantCulture, out var c)
            ? (string.Join(':', name), l, c)
            : (source ?? "", 0, 0);
}
