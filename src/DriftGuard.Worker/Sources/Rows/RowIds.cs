using DriftGuard.Qdrant.Payloads;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Sources.Rows;

/// <summary>The point of a row: of its id, or of its id and chunk where the rows are pieces of documents.</summary>
/// <param name="idField">The field of the document's id.</param>
/// <param name="chunkField">The field of the chunk's number or name; null where rows are whole documents.</param>
public sealed class RowIds(string idField, string? chunkField)
{
    /// <summary>The field of the document's id.</summary>
    public string IdField => idField;

    /// <summary>The document's id, for people; null if there is none.</summary>
    public string? DocumentOf(MapField<string, Value> fields) =>
        PayloadText.IdOf(fields, idField) is { } id ? ChunkOf(fields) is { } chunk ? $"{id} chunk {chunk}" : id : null;

    /// <summary>The point's id; false with what is wrong if the row has none.</summary>
    public bool TryGet(MapField<string, Value> fields, out PointId point, out string? problem)
    {
        point = default;
        problem = ProblemOf(idField, "id", fields) ?? (chunkField is null ? null : ProblemOf(chunkField, "chunk", fields));
        if (problem is not null)
        {
            return false;
        }

        try
        {
            var id = PayloadText.IdOf(fields, idField)!;
            point = ChunkOf(fields) is { } chunk ? PointId.FromChunk(id, chunk) : PointId.FromText(id);
            return true;
        }
        catch (ArgumentException exception)
        {
            problem = $"the id under key '{idField}' cannot be used: {exception.Message}";
            return false;
        }
    }

    private string? ChunkOf(MapField<string, Value> fields) => chunkField is null ? null : PayloadText.IdOf(fields, chunkField);

    private static string? ProblemOf(string field, string what, MapField<string, Value> fields) =>
        PayloadText.IdOf(fields, field) is { } found ? found.Length > 0 ? null : Wrong(field, what, "\"\"")
        : fields.TryGetValue(field, out var value) ? Wrong(field, what, PayloadJson.ToJson(value)) : $"no {what} under key '{field}'";

    private static string Wrong(string field, string what, string found) => $"the {what} under key '{field}' is {found}; expected a text or a whole number";
}
