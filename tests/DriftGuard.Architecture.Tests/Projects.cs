using System.Xml.Linq;

namespace DriftGuard.Architecture.Tests;

/// <summary>A project of the solution, as its file describes it.</summary>
/// <param name="Name">Its name, such as <c>DriftGuard.Core</c>.</param>
/// <param name="File">Its file, relative to the root.</param>
/// <param name="References">The projects it references, by name.</param>
/// <param name="Packages">The packages it references.</param>
internal sealed record Project(string Name, string File, IReadOnlyList<string> References, IReadOnlyList<string> Packages)
{
    /// <summary>Whether it holds any code yet.</summary>
    public bool HasCode => Repository.Files.Any(file =>
        file.StartsWith(Path.GetDirectoryName(File)!.Replace('\\', '/') + "/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal));
}

/// <summary>The projects below <c>src</c> and <c>tests</c>.</summary>
internal static class Projects
{
    public static IReadOnlyList<Project> Source { get; } = Load("src/");

    public static IReadOnlyList<Project> Tests { get; } = Load("tests/");

    private static List<Project> Load(string folder) =>
    [
        .. Repository.Files
            .Where(file => file.StartsWith(folder, StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal))
            .Select(file =>
            {
                var xml = XDocument.Parse(Repository.Read(file));
                return new Project(
                    Path.GetFileNameWithoutExtension(file),
                    file,
                    [.. Includes(xml, "ProjectReference").Select(include => Path.GetFileNameWithoutExtension(include.Replace('\\', '/')))],
                    [.. Includes(xml, "PackageReference")]);
            }),
    ];

    private static IEnumerable<string> Includes(XDocument xml, string item) =>
        xml.Descendants(item).Select(element => (string?)element.Attribute("Include")).OfType<string>();
}
