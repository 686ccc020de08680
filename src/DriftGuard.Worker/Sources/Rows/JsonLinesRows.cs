using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using DriftGuard.Qdrant.Payloads;

namespace DriftGuard.Worker.Sources.Rows;

/// <summary>JSON Lines (BEIR's form): one object a line; empty lines are passed over.</summary>
/// <param name="path">The file.</param>
public sealed class JsonLinesRows(string path) : ICorpusRows
{
    /// <inheritdoc/>
    public string InWords => path;

    /// <inheritdoc/>
    public async IAsyncEnumerable<CorpusRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        long line = 0;
        using var reader = CorpusFiles.Guard(path, () => new StreamReader(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)));
        while (await NextAsync(reader, line, cancellation) is { } text)
        {
            line++;
            if (text.Length > 0)
            {
                yield return Parse($"{path}:{line}", text);
            }
        }
    }

    private static CorpusRow Parse(string place, string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? new(place, PayloadJson.ToPayload(json.RootElement), null)
                : new(place, [], $"expected a JSON object, found {json.RootElement.ValueKind}");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return new(place, [], $"not a usable JSON object: {exception.Message}");
        }
    }

    private async ValueTask<string?> NextAsync(StreamReader reader, long line, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadLineAsync(cancellation);
        }
        catch (DecoderFallbackException)
        {
            throw new OperatorException(OperatorError.Invalid, $"corpus file {path} is not valid UTF-8, somewhere after line {line}; convert it first. Nothing was written");
        }
        catch (IOException exception)
        {
            throw new OperatorException(OperatorError.Unavailable, $"corpus file {path} cannot be read any further, after line {line}: {exception.Message}");
        }
    }
}
