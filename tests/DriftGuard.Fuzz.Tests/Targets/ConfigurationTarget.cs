using DriftGuard.Worker.Configuration;

namespace DriftGuard.Fuzz.Tests.Targets;

/// <summary><c>driftguard.yaml</c>: options, or a list of what is wrong with it.</summary>
internal static class ConfigurationTarget
{
    private static readonly string Folder = TemporaryFolder.Of("configuration");
    private static readonly Dictionary<string, string> Environment = new(StringComparer.Ordinal) { ["HOME"] = "/nowhere" };

    public static void Run(ReadOnlySpan<byte> input)
    {
        var file = Path.Join(Folder, DriftGuardConfiguration.DefaultFileName);
        File.WriteAllBytes(file, input);
        try
        {
            var loaded = DriftGuardConfiguration.LoadWithOrigins(file, Environment);
            foreach (var setting in EffectiveSettings.List(loaded))
            {
                if (setting.Key.Length == 0 || setting.Source.Length == 0)
                    throw new FindingException($"a setting has no key or source: {setting}");
            }
        }
        catch (ConfigurationException refused)
        {
            if (refused.Problems.Count == 0 || refused.Problems.Any(problem => string.IsNullOrWhiteSpace(problem.Message)))
                throw new FindingException("refused, and it is not said why", refused);
        }
    }
}
