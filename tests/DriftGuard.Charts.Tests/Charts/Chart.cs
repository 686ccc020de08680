using DriftGuard.Architecture.Tests;

namespace DriftGuard.Charts.Tests;

/// <summary>The chart, and the cases in which it is looked at.</summary>
internal static class Chart
{
    /// <summary>Set to 1, it has tests write what they would otherwise compare with: goldens, the schema of <c>config</c>, the table of values.</summary>
    public const string UpdateVariable = "DRIFTGUARD_UPDATE_CHART";

    public static bool Updates { get; } = Environment.GetEnvironmentVariable(UpdateVariable) is "1";

    /// <summary>Its folder.</summary>
    public static string Folder { get; } = Path.Join(Repository.Root, "charts", "driftguard");

    /// <summary>The folder of these tests' sources.</summary>
    public static string Tests { get; } = Path.Join(Repository.Root, "tests", "DriftGuard.Charts.Tests");

    /// <summary>The files of values that are rendered, by name.</summary>
    public static IEnumerable<string> CaseNames => Directory.EnumerateFiles(Path.Join(Tests, "Cases")).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    public static TheoryData<string> Cases => [.. CaseNames];

    /// <summary>The values of a case.</summary>
    public static string ValuesOf(string name) => Path.Join(Tests, "Cases", $"{name}.yaml");

    /// <summary>What the chart makes of them, as it was looked through by somebody.</summary>
    public static string GoldenOf(string name) => Path.Join(Tests, "Goldens", $"{name}.yaml");

    /// <summary>A file of the chart.</summary>
    public static string Read(string file) => File.ReadAllText(Path.Join(Folder, file));

    /// <summary>Holds a file equal to what it is made of; writes it where that is asked for.</summary>
    public static void ShouldHold(string file, string expected)
    {
        if (Updates)
        {
            File.WriteAllText(file, expected);
        }

        (File.Exists(file) ? File.ReadAllText(file) : "").ShouldBe(expected, $"{Path.GetFileName(file)} is out of date: look at the difference, and run these tests with {UpdateVariable}=1");
    }
}
