using DriftGuard.Core.Calibration;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Evaluation;

/// <summary>
/// Which document of a calibration set a point is: what the set's id field holds, or the judged id that a load turns into the point's id.
/// Scores and labels must agree on it: a point that is looked up in one way and scored in another is never found.
/// </summary>
internal sealed class DocumentIds
{
    private readonly string? idField;
    private readonly Dictionary<PointId, string> judged = [];

    public DocumentIds(CalibrationSet set)
    {
        idField = set.Header.IdField;
        foreach (var id in set.Queries.SelectMany(query => set.Qrels[query.Id].Keys).Distinct(StringComparer.Ordinal))
        {
            judged.TryAdd(PointId.FromText(id), id);
        }
    }

    /// <summary>What must be read with a point to tell.</summary>
    public PayloadSelection Payload => idField is null ? PayloadSelection.None : PayloadSelection.Keys(idField);

    /// <summary>The document's id.</summary>
    public string Of(PointId point, MapField<string, Value> payload) =>
        (idField is null ? null : PayloadText.IdOf(payload, idField)) ?? judged.GetValueOrDefault(point) ?? point.ToString();
}
