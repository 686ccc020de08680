using System.Numerics.Tensors;
using DriftGuard.Core.Indexes;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Testing.Models;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;
using PointId = DriftGuard.Core.Points.PointId;

namespace DriftGuard.Chaos.Tests.Oracle;

/// <summary>Holds the collection that serves against what the log says, point by point, while nobody writes.</summary>
internal static class Comparison
{
    /// <summary>Vectors travel as 32-bit floats and are made unit length once more on the way.</summary>
    private const double SameDirection = .9999;

    private const int PageSize = 500;

    /// <summary>Compares all of it.</summary>
    /// <param name="qdrant">Direct to Qdrant, past any fault.</param>
    /// <param name="index">The alias that applications search.</param>
    /// <param name="log">What was acknowledged.</param>
    /// <param name="models">The models by name.</param>
    /// <param name="findings">Where differences go.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many points were compared.</returns>
    public static async Task<int> RunAsync(
        QdrantStore qdrant, string index, WriteLog log, IReadOnlyDictionary<string, WordModel> models, Findings findings, CancellationToken cancellation)
    {
        var serving = (await qdrant.FindCollectionAsync(index, cancellation))!;
        var (model, fingerprint) = (models[serving.Metadata[IndexMetadata.Model]], serving.Metadata[IndexMetadata.Fingerprint]);
        var seen = new HashSet<PointId>();
        await foreach (var page in qdrant.ScrollRangeAsync(index, PointId.First, null, PageSize, ReadShape.Everything, null, cancellation))
        {
            foreach (var point in page.Points)
            {
                var id = WireForms.IdOf(point);
                if (!seen.Add(id))
                    findings.Add(Finding.Twice, $"{index} {id}");
                Judge(index, id, point, model, fingerprint, log, findings);
            }
        }

        foreach (var id in log.Ids.Where(id => !seen.Contains(id) && log.PossibleOf(id).All(state => state is not null)))
            findings.Add(Finding.Lost, $"{index} {id}: {log.HistoryOf(id)}");
        return seen.Count;
    }

    private static void Judge(string index, PointId id, RetrievedPoint point, WordModel model, string fingerprint, WriteLog log, Findings findings)
    {
        var stamp = StampPayload.Read(point.Payload);
        point.Payload.Remove(StampPayload.Key);
        var possible = log.PossibleOf(id);
        var (found, text) = (PayloadJson.ToJson(point.Payload), TextOf(point.Payload));
        string About(string expected) => $"{index} {id}: found {found}{(stamp is null ? "" : $" of revision {stamp.Revision}")}, expected {expected}; {log.HistoryOf(id)}";

        if (possible.Count == 0)
            findings.Add(Finding.Invented, About("nothing"));
        else if (possible.All(state => state is null))
            findings.Add(Finding.Resurrected, About("nothing"));
        else if (!possible.Any(state => state is not null && PayloadJson.ToJson(state) == found))
            findings.Add(possible.Any(state => state is not null && TextOf(state) == text) ? Finding.StalePayload : Finding.StaleText, About(PayloadJson.ToJson(possible.First(state => state is not null)!)));
        var vector = WireForms.VectorOf(point)!;
        if (vector.Length != model.Dimensions || TensorPrimitives.CosineSimilarity<float>(vector, model.VectorOf(text)) < SameDirection)
            findings.Add(Finding.StaleVector, About($"the vector of its text under the model that serves, {model.Dimensions} dimensions"));
        if (stamp is not null && (stamp.Fingerprint != fingerprint || stamp.Pending is not null))
            findings.Add(Finding.WrongStamp, About(fingerprint));
    }

    private static string TextOf(MapField<string, Value> payload) => PayloadText.Of(payload, "text") ?? "";
}
