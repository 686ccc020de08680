namespace DriftGuard.Worker.Configuration;

/// <summary>The configuration cannot be used. Holds every problem that was found, not just the first.</summary>
/// <param name="problems">The problems; at least one.</param>
public sealed class ConfigurationException(IReadOnlyList<ConfigurationProblem> problems) : Exception(Describe(problems))
{
    /// <summary>The problems, in the order of the sources and keys.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; } = problems;

    private static string Describe(IReadOnlyList<ConfigurationProblem> problems) =>
        problems.Count == 1
            ? $"The configuration has a problem: {problems[0]}"
            : $"The configuration has {problems.Count} problems:" + string.Concat(problems.Select(p => $"{Environment.NewLine}  {p}"));
}
