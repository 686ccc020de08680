using System.Diagnostics;

namespace DriftGuard.Architecture.Tests;

/// <summary>The sources that these tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] NeverTracked = ["bin", "obj", ".git", "TestResults", "BenchmarkDotNet.Artifacts", ".vs", ".idea", ".vscode"];

    /// <summary>The folder of the solution, found upwards from the test's binaries.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The tracked files, relative to the root with forward slashes; every file that git would not ignore where there is no git.</summary>
    public static IReadOnlyList<string> Files { get; } = ListFiles();

    public static IEnumerable<string> SourceFiles => Files.Where(file =>
        file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal));

    public static string Read(string file) => File.ReadAllText(Path.Join(Root, file));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Join(folder.FullName, "DriftGuard.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"There is no DriftGuard.sln above {AppContext.BaseDirectory}: run these tests from the repository.");
    }

    private static List<string> ListFiles() =>
        // In a worktree .git is a file.
        Path.Exists(Path.Join(Root, ".git")) && ListTracked() is { Count: > 0 } tracked ? tracked : [.. Walk(Root)];

    private static List<string> ListTracked()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["-C", Root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
                RedirectStandardError = true,
            })!;
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0
                ? [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Join(Root, file)))]
                : [];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return [];
        }
    }

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        }

        foreach (var file in Directory.EnumerateDirectories(folder).Where(sub => !NeverTracked.Contains(Path.GetFileName(sub), StringComparer.Ordinal)).SelectMany(Walk))
        {
            yield return file;
        }
    }
}
