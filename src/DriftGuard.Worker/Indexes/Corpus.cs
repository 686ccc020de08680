using System.Runtime.CompilerServices;
using System.Text;
using DriftGuard.Core.Indexes;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Sources;
using DriftGuard.Worker.Sources.Rows;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Indexes;

/// <summary>What a look through a corpus found before anything is written.</summary>
/// <param name="Documents">Rows that are documents.</param>
/// <param name="RepeatedTexts">Documents whose text another one has too; allowed.</param>
/// <param name="Problems">Everything that is wrong, with its place; at most <see cref="Corpus.ProblemsNamed"/> are named.</param>
/// <param name="ProblemCount">How many problems there are.</param>
public sealed record CorpusCheck(long Documents, long RepeatedTexts, IReadOnlyList<string> Problems, long ProblemCount);

/// <summary>
/// A corpus to load: rows with an id, a text, and whatever else becomes payload. Read as a stream, so its size does not matter.
/// </summary>
/// <param name="rows">The rows.</param>
/// <param name="ids">How a row's point is named.</param>
/// <param name="template">How a row's text comes from its fields.</param>
public sealed class Corpus(ICorpusRows rows, RowIds ids, TextTemplate template)
{
    /// <summary>Problems that are named; the rest are counted.</summary>
    public const int ProblemsNamed = 20;

    private readonly PayloadSource texts = new(template);

    /// <summary>The corpus of a file, JSON Lines or Parquet by its name, whose text is one field.</summary>
    public Corpus(string path, string idField, string textField)
        : this(CorpusFiles.Rows(path), new(idField, null), TextTemplate.OfField(textField))
    {
    }

    /// <summary>Reads all rows and reports every problem at once.</summary>
    public async Task<CorpusCheck> CheckAsync(CancellationToken cancellation)
    {
        var (problems, problemCount, documents, repeated) = (new List<string>(), 0L, 0L, 0L);
        var placeOfId = new Dictionary<PointId, string>();
        var seen = new HashSet<UInt128>();
        await foreach (var row in rows.ReadAsync(cancellation))
        {
            documents++;
            if (Read(row, out var point, out var problem) && !placeOfId.TryAdd(point.Id, row.Place))
            {
                problem = $"document id repeats that of {placeOfId[point.Id]}";
            }

            if (problem is not null)
            {
                problemCount++;
                if (problems.Count < ProblemsNamed)
                {
                    problems.Add($"{row.Place}: {problem}");
                }
            }
            else if (!seen.Add(Digest(point.Text!)))
            {
                repeated++;
            }
        }

        return new(documents, repeated, problems, problemCount);
    }

    /// <summary>The id that a point's document has in the corpus.</summary>
    public string DocumentIdOf(SourcePoint point) => ids.DocumentOf(point.Payload) ?? point.Id.ToString();

    /// <summary>Streams the documents as points.</summary>
    /// <exception cref="OperatorException">A row is no document; call <see cref="CheckAsync"/> first to learn of all of them.</exception>
    public async IAsyncEnumerable<SourcePoint> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var row in rows.ReadAsync(cancellation))
        {
            yield return Read(row, out var point, out var problem) ? point : throw new OperatorException(OperatorError.Invalid, $"{row.Place}: {problem}");
        }
    }

    private static UInt128 Digest(string text) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private bool Read(CorpusRow row, out SourcePoint point, out string? problem)
    {
        point = default;
        problem = row.Problem;
        if (problem is not null || !ids.TryGet(row.Fields, out var id, out problem))
        {
            return false;
        }

        var text = texts.TextOf(row.Fields);
        problem = ProblemOf(row, text);
        point = new(id, row.Fields, text.Text);
        return problem is null;
    }

    private string? ProblemOf(CorpusRow row, SourcedText text) =>
        text.Text is null ? $"document '{ids.DocumentOf(row.Fields)}' has {text.WhyNot}"
        : string.IsNullOrWhiteSpace(text.Text) ? $"document '{ids.DocumentOf(row.Fields)}' has an empty text"
        : row.Fields.Any(entry => HasInfinity(entry.Value)) ? $"document '{ids.DocumentOf(row.Fields)}' has a number too large for a 64-bit float"
        : row.Fields.ContainsKey(StampPayload.Key) ? $"document '{ids.DocumentOf(row.Fields)}' has a key '{StampPayload.Key}', which belongs to DriftGuard"
        : null;

    private static bool HasInfinity(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.DoubleValue => !double.IsFinite(value.DoubleValue),
        Value.KindOneofCase.ListValue => value.ListValue.Values.Any(HasInfinity),
        Value.KindOneofCase.StructValue => value.StructValue.Fields.Values.Any(HasInfinity),
        _ => false,
    };
}
