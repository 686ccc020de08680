namespace DriftGuard.Worker.Calibration.Building;

/// <summary>What a set can be built from.</summary>
public enum SourceFormat
{
    /// <summary>A table: comma, semicolon or tab separated.</summary>
    Csv,

    /// <summary>A folder in BEIR's form.</summary>
    Beir,

    /// <summary>JSON Lines of searches with what was clicked.</summary>
    Log,
}

/// <summary>Finds out what a source is.</summary>
internal static class SourceFormats
{
    /// <summary>The format of a file or folder.</summary>
    /// <exception cref="OperatorException">There is no such file or folder, or a folder is no BEIR set.</exception>
    public static SourceFormat Of(string path)
    {
        if (Directory.Exists(path))
        {
            return SourceFile.Find(path, "queries.jsonl") is not null ? SourceFormat.Beir : throw new OperatorException(OperatorError.Invalid,
                $"the folder {path} has no queries.jsonl (or queries.jsonl.gz); expected a BEIR folder with queries.jsonl and qrels/, or name a file");
        }

        return !File.Exists(path) ? throw new OperatorException(OperatorError.NotFound, $"there is no file or folder {path}")
            : Path.GetExtension(SourceFile.PlainName(path)).ToLowerInvariant() is ".jsonl" or ".ndjson" or ".json" ? SourceFormat.Log
            : SourceFormat.Csv;
    }
}
