using DriftGuard.Worker.Configuration;

namespace DriftGuard.Worker.Tests.Configuration;

/// <summary>A folder with a configuration file, and an environment in which nothing else is set.</summary>
internal sealed class ConfigurationFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("driftguard-config-").FullName;

    public static IReadOnlyDictionary<string, string> Environment(params IEnumerable<(string Name, string Value)> variables) =>
        variables.Prepend(("HOME", "/nowhere")).ToDictionary(v => v.Item1, v => v.Item2, StringComparer.Ordinal);

    public string Write(string yaml)
    {
        var file = System.IO.Path.Join(Path, "driftguard.yaml");
        File.WriteAllText(file, yaml);
        return file;
    }

    public DriftGuardOptions Load(string yaml, params IEnumerable<(string Name, string Value)> variables) =>
        DriftGuardConfiguration.Load(Write(yaml), Environment(variables));

    public IReadOnlyList<string> Problems(string yaml, params IEnumerable<(string Name, string Value)> variables) =>
        [.. Should.Throw<ConfigurationException>(() => Load(yaml, variables)).Problems.Select(problem => problem.ToString())];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
