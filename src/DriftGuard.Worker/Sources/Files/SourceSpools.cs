using System.Text.RegularExpressions;
using DriftGuard.Core.Indexes;
using DriftGuard.Worker.Sources.Rows;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Sources.Files;

/// <summary>
/// The spools of files, in the data folder: made when the first text is asked for, and again when the file has changed. A pass then finds
/// what differs, as it does where applications write.
/// </summary>
/// <param name="folder">Where spools are.</param>
/// <param name="log">Told of each that is made.</param>
internal sealed partial class SourceSpools(string folder, ILogger<SourceSpools> log) : IDisposable
{
    /// <summary>How a spool's name ends.</summary>
    public const string Extension = ".spool";

    private readonly SemaphoreSlim one = new(1);

    /// <summary>The spool of an index' file as it is now.</summary>
    /// <exception cref="OperatorException">The file cannot be read, its rows cannot be used, or it is being written.</exception>
    public async Task<Spool> OpenAsync(IndexDefinition index, CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        try
        {
            return Find(index, CorpusFiles.Guard(index.Source.Path!, () => Existing(index.Source.Path!))) ?? await MakeAsync(index, cancellation);
        }
        finally
        {
            one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => one.Dispose();

    private static FileInfo Existing(string path) => new FileInfo(path) is { Exists: true } file ? file : throw new FileNotFoundException("there is no such file");

    private Spool? Find(IndexDefinition index, FileInfo file)
    {
        var reading = SpoolOrigin.ReadingOf(index);
        foreach (var path in SpoolsOf(index.Name))
        {
            if (SpoolOrigin.Read(path) is { } origin && origin.Reading == reading && origin.LooksLike(file))
            {
                return new(path, origin);
            }
        }

        return null;
    }

    private async Task<Spool> MakeAsync(IndexDefinition index, CancellationToken cancellation)
    {
        Installation.DataFolder.Guard(folder, () => Directory.CreateDirectory(folder));
        var before = await SpoolOrigin.OfAsync(index, cancellation);
        var path = Path.Join(folder, before.NameFor(index.Name));
        var draft = $"{path}.{Guid.NewGuid():N}.draft";
        try
        {
            await new SpoolWriter(index).WriteAsync(draft, before, cancellation);
            if (!before.LooksLike(new FileInfo(index.Source.Path!)))
            {
                throw new OperatorException(OperatorError.Conflict,
                    $"{index.Source.Path} changed while it was read: write it under another name and rename it when it is whole, then it is read again");
            }

            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }

        var others = SpoolsOf(index.Name).Where(other => other != path).ToList();
        others.ForEach(File.Delete);
        LogMade(log, index.Name, index.Source.Path!, before.Sha256, others.Count > 0 ? "it has changed since it was last read" : "it was not read before");
        return new(path, before);
    }

    /// <summary>An index' name may begin as another's does; what follows it is 16 digits.</summary>
    private IReadOnlyList<string> SpoolsOf(string index) => !Directory.Exists(folder) ? [] :
        [.. Directory.EnumerateFiles(folder, $"{index}-*{Extension}").Where(path => SpoolName().IsMatch(Path.GetFileName(path)[index.Length..]))];

    [GeneratedRegex(@"^-[0-9a-f]{16}\.spool$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex SpoolName();

    [LoggerMessage(5071, LogLevel.Information, "The source of {Index}, {File}, was read (SHA-256 {Digest}): {Why}")]
    private static partial void LogMade(ILogger log, string index, string file, string digest, string why);
}
