namespace DriftGuard.Worker.Sources.Rows;

/// <summary>Files of rows, by their names.</summary>
public static class CorpusFiles
{
    /// <summary>How a Parquet file's name ends; any other file is JSON Lines.</summary>
    public const string ParquetExtension = ".parquet";

    /// <summary>Whether a file is Parquet by its name.</summary>
    public static bool IsParquet(string path) => path.EndsWith(ParquetExtension, StringComparison.OrdinalIgnoreCase);

    /// <summary>The rows of a file.</summary>
    public static ICorpusRows Rows(string path) => Rows(path, IsParquet(path));

    /// <summary>The rows of a file of a known kind, whatever its name.</summary>
    public static ICorpusRows Rows(string path, bool parquet) => parquet ? new ParquetRows(path) : new JsonLinesRows(path);

    /// <summary>Turns the operating system's errors about a file into a sentence.</summary>
    /// <exception cref="OperatorException">The file cannot be read.</exception>
    internal static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(OperatorError.NotFound, $"cannot read corpus file {path}: {exception.Message}");
        }
    }
}
