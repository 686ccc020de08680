namespace DriftGuard.Benchmarks;

/// <summary>The models and calibration sets that come with the repository, found from wherever the benchmarks are started.</summary>
internal static class RepositoryFolders
{
    private static readonly Lazy<string> Root = new(FindRoot);

    /// <summary>The folders of the models.</summary>
    public static IReadOnlyList<string> Models() => Under(Path.Combine("deploy", "models"), "model.yaml");

    /// <summary>The corpus files of the calibration sets.</summary>
    public static IReadOnlyList<string> Corpora() =>
        [.. Under("calibration-sets", "corpus.jsonl").Select(folder => Path.Combine(folder, "corpus.jsonl"))];

    /// <summary>The file with what each query of the shipped sets scores under real models.</summary>
    public static string PerQueryValues() => Path.Combine(Root.Value, "tests", "DriftGuard.Testing", "Gate", "per-query-values.tsv");

    private static List<string> Under(string folder, string file) =>
        [.. Directory.EnumerateDirectories(Path.Combine(Root.Value, folder)).Where(d => File.Exists(Path.Combine(d, file))).Order(StringComparer.Ordinal)];

    private static string FindRoot()
    {
        foreach (var start in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "DriftGuard.sln")))
                {
                    return folder.FullName;
                }
            }
        }

        throw new DirectoryNotFoundException(
            $"found no DriftGuard.sln above {Environment.CurrentDirectory} or {AppContext.BaseDirectory}: run the benchmarks inside the repository");
    }
}
