using System.Text;
using System.Text.Json;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Points;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Indexes;

/// <summary>What a look through a corpus file found before anything is written.</summary>
/// <param name="Documents">Lines that are documents.</param>
/// <param name="RepeatedTexts">Documents whose text another one has too; allowed.</param>
/// <param name="Problems">Everything that is wrong, with its line; at most <see cref="CorpusFile.ProblemsNamed"/> are named.</param>
/// <param name="ProblemCount">How many problems there are.</param>
public sealed record CorpusCheck(long Documents, long RepeatedTexts, IReadOnlyList<string> Problems, long ProblemCount);

/// <summary>
/// A corpus as JSON Lines (BEIR's form): one object a line with an id, a text, and whatever else becomes payload. Read as a stream, so
/// its size does not matter.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="idField">Key of the document's id: text or number.</param>
/// <param name="textField">Key of the text.</param>
public sealed class CorpusFile(string path, string idField, string textField)
{
    /// <summary>Problems that are named; the rest are counted.</summary>
    public const int ProblemsNamed = 20;

    /// <summary>Reads the whole file and reports every problem at once.</summary>
    public async Task<CorpusCheck> CheckAsync(CancellationToken cancellation)
    {
        var (problems, problemCount, documents, repeated) = (new List<string>(), 0L, 0L, 0L);
        var lineOfId = new Dictionary<PointId, long>();
        var texts = new HashSet<UInt128>();
        await foreach (var (line, text) in LinesAsync(cancellation))
        {
            documents++;
            if (Parse(text, out var point, out var problem) && !lineOfId.TryAdd(point.Id, line))
            {
                problem = $"document id repeats that of line {lineOfId[point.Id]}";
            }

            if (problem is not null)
            {
                problemCount++;
                if (problems.Count < ProblemsNamed)
                {
                    problems.Add($"{path}:{line}: {problem}");
                }
            }
            else if (!texts.Add(Digest(point.Text(textField)!)))
            {
                repeated++;
            }
        }

        return new(documents, repeated, problems, problemCount);
    }

    /// <summary>The id that a point's document has in the file.</summary>
    public string DocumentIdOf(SourcePoint point) => PayloadText.IdOf(point.Payload, idField) ?? point.Id.ToString();

    /// <summary>Streams the documents as points.</summary>
    /// <exception cref="OperatorException">A line is no document; call <see cref="CheckAsync"/> first to learn of all of them.</exception>
    public async IAsyncEnumerable<SourcePoint> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var (line, text) in LinesAsync(cancellation))
        {
            yield return Parse(text, out var point, out var problem) ? point : throw new OperatorException(OperatorError.Invalid, $"{path}:{line}: {problem}");
        }
    }

    private static UInt128 Digest(string text) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private bool Parse(string line, out SourcePoint point, out string? problem)
    {
        point = default;
        try
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                problem = $"expected a JSON object, found {json.RootElement.ValueKind}";
                return false;
            }

            var payload = PayloadJson.ToPayload(json.RootElement);
            problem = ProblemOf(payload, out var id);
            point = new(problem is null ? PointId.FromText(id!) : default, payload);
            return problem is null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            problem = $"not a usable JSON object: {exception.Message}";
            return false;
        }
    }

    private string? ProblemOf(MapField<string, Value> payload, out string? id)
    {
        id = payload.TryGetValue(idField, out var value) ? PayloadText.IdOf(payload, idField) : null;
        return value is null ? $"no id under key '{idField}'"
            : string.IsNullOrEmpty(id) ? $"the id under key '{idField}' is {PayloadJson.ToJson(value)}; expected a text or a whole number"
            : PayloadText.Of(payload, textField) is not { } text ? $"document '{id}' has no text under key '{textField}'"
            : string.IsNullOrWhiteSpace(text) ? $"document '{id}' has an empty text"
            : payload.Any(entry => HasInfinity(entry.Value)) ? $"document '{id}' has a number too large for a 64-bit float"
            : payload.ContainsKey(StampPayload.Key) ? $"document '{id}' has a key '{StampPayload.Key}', which belongs to DriftGuard"
            : null;
    }

    private static bool HasInfinity(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.DoubleValue => !double.IsFinite(value.DoubleValue),
        Value.KindOneofCase.ListValue => value.ListValue.Values.Any(HasInfinity),
        Value.KindOneofCase.StructValue => value.StructValue.Fields.Values.Any(HasInfinity),
        _ => false,
    };

    private async IAsyncEnumerable<(long Line, string Text)> LinesAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        long line = 0;
        using var reader = Open();
        while (await NextAsync(reader, line, cancellation) is { } text)
        {
            line++;
            if (text.Length > 0)
            {
                yield return (line, text);
            }
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
    }

    private StreamReader Open()
    {
        try
        {
            return new(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(OperatorError.NotFound, $"cannot read corpus file {path}: {exception.Message}");
        }
    }
}
