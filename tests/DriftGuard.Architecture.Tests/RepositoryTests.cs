using System.Text.RegularExpressions;

namespace DriftGuard.Architecture.Tests;

public sealed partial class RepositoryTests
{
    private static readonly string[] Folders = ["src", "tests", "deploy", "charts", "calibration-sets"];

    private static readonly string[] RootFiles =
    [
        "DriftGuard.sln", "README.md", "LICENSE", "NOTICE", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props",
        "global.json", "nuget.config",
    ];

    // What people write. Data sets and vocabularies hold whatever their authors wrote.
    private static readonly string[] TextKinds =
        [".cs", ".csproj", ".props", ".targets", ".sln", ".md", ".yaml", ".yml", ".sh", ".proto", ".razor", ".css", ".js", ".tpl", ".config", ""];

    private static readonly string[] Texts =
    [
        .. Repository.Files.Where(file => TextKinds.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)),
    ];

    [Fact]
    public void The_root_holds_only_what_belongs_there() =>
        Repository.Files.Select(file => file.Split('/'))
            .Where(path => !path[0].StartsWith('.') && !(path.Length == 1 ? RootFiles : Folders).Contains(path[0], StringComparer.Ordinal))
            .Select(path => path[0]).Distinct(StringComparer.Ordinal).ShouldBeEmpty();

    [Fact]
    public void No_text_names_a_folder_of_somebodys_machine() => Find(MachinePath()).ShouldBeEmpty();

    [Fact]
    public void Nothing_is_left_open_in_the_code() =>
        Find(LeftOpen(), "src", "tests").ShouldBeEmpty();

    [Fact]
    public void A_source_file_holds_one_idea_and_so_at_most_300_lines() =>
        Repository.SourceFiles.Where(file => !file.Contains("/Migrations/", StringComparison.Ordinal))
            .Select(file => (file, Lines: Repository.Read(file).Count(c => c == '\n')))
            .Where(source => source.Lines > 300).ShouldBeEmpty();

    [Theory]
    [InlineData("see /" + "home/ann/x", true)]
    [InlineData("(\"/" + "Users/ann\")", true)]
    [InlineData("C:\\" + "Users\\ann", true)]
    [InlineData("https://example.org/home/ann", false)]
    [InlineData("the ~/.local/share folder", false)]
    public void A_machines_folder_is_recognised(string text, bool found) => MachinePath().IsMatch(text).ShouldBe(found);

    private static IEnumerable<string> Find(Regex pattern, params string[] folders) =>
        Texts.Where(file => folders.Length == 0 || folders.Contains(file.Split('/')[0], StringComparer.Ordinal))
            .SelectMany(file => Repository.Read(file).Split('\n').Index().Where(line => pattern.IsMatch(line.Item))
                .Select(line => $"{file}:{line.Index + 1}: {line.Item.Trim()}"));

    [GeneratedRegex(@"(^|[^A-Za-z0-9_.~}\-])/(home|Users|root|work|workspace|builds)/[A-Za-z]|[A-Z]:\\Users\\", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex MachinePath();

    // In pieces, or this file would find itself.
    [GeneratedRegex(@"\bTO" + @"DO\b|\bFIX" + @"ME\b|\bHA" + @"CK\b|NotImplemented" + @"Exception|Skip\s*=\s*""", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex LeftOpen();
}
