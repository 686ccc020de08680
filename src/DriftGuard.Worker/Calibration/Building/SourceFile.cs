using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;

namespace DriftGuard.Worker.Calibration.Building;

/// <summary>Reads files that people bring: UTF-8, plain or compressed with gzip.</summary>
internal static class SourceFile
{
    private const string Compressed = ".gz";

    /// <summary>The whole file.</summary>
    /// <exception cref="OperatorException">It is not there, cannot be read, or is not UTF-8.</exception>
    public static async Task<string> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            using var reader = Open(path);
            return await reader.ReadToEndAsync(cancellation);
        }
        catch (Exception problem) when (problem is DecoderFallbackException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw Refusal(path, null, problem);
        }
    }

    /// <summary>Its lines with their numbers from 1, read as they are needed; blank ones are passed over.</summary>
    /// <exception cref="OperatorException">It is not there, cannot be read, or is not UTF-8.</exception>
    public static async IAsyncEnumerable<(int Number, string Line)> LinesAsync(string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var reader = Guarded(path, 0, () => Open(path));
        for (var number = 1; await NextAsync(reader, path, number, cancellation) is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return (number, line);
            }
        }
    }

    /// <summary>A file by its name, or the same with .gz; null if there is neither.</summary>
    public static string? Find(string folder, params IEnumerable<string> names) =>
        names.SelectMany(name => new[] { name, name + Compressed }).Select(name => Path.Join(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>The name without .gz.</summary>
    public static string PlainName(string path) =>
        Path.GetFileName(path) is var name && name.EndsWith(Compressed, StringComparison.OrdinalIgnoreCase) ? name[..^Compressed.Length] : Path.GetFileName(path);

    private static StreamReader Open(string path)
    {
        Stream file = File.OpenRead(path);
        var content = path.EndsWith(Compressed, StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        return new(content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
    }

    private static async Task<string?> NextAsync(StreamReader reader, string path, int number, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadLineAsync(cancellation);
        }
        catch (Exception problem) when (problem is DecoderFallbackException or IOException or InvalidDataException)
        {
            throw Refusal(path, number, problem);
        }
    }

    private static T Guarded<T>(string path, int line, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Refusal(path, line == 0 ? null : line, problem);
        }
    }

    private static OperatorException Refusal(string path, int? line, Exception problem) => problem switch
    {
        DecoderFallbackException => new(OperatorError.Invalid, $"{path} is not UTF-8{(line is null ? "" : $", in line {line} or soon after")}; convert it first. Nothing was written"),
        InvalidDataException => new(OperatorError.Invalid, $"{path} ends in .gz and is not compressed with gzip, or is damaged: {problem.Message}. Nothing was written"),
        FileNotFoundException or DirectoryNotFoundException => new(OperatorError.NotFound, $"there is no file {path}"),
        _ => new(OperatorError.Invalid, $"{path} cannot be read: {problem.Message}"),
    };
}
