namespace DriftGuard.Fuzz.Tests;

/// <summary>
/// The inputs of a target: a folder of files, as every fuzzer reads them. Those at its top are what people send; those in its folder <c>found</c>
/// once had an answer that they must not have.
/// </summary>
internal static class Corpus
{
    private const string FoundFolder = "found";

    /// <summary>The valid inputs of a target, by their names.</summary>
    public static IReadOnlyList<(string Name, byte[] Input)> Seeds(FuzzTarget target) => Read(FolderOf(target));

    /// <summary>The inputs that once found something.</summary>
    public static IReadOnlyList<(string Name, byte[] Input)> Found(FuzzTarget target) => Read(Path.Join(FolderOf(target), FoundFolder));

    private static string FolderOf(FuzzTarget target) => Path.Join(AppContext.BaseDirectory, "Corpora", target.Name);

    private static IReadOnlyList<(string Name, byte[] Input)> Read(string folder) => !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))];
}
