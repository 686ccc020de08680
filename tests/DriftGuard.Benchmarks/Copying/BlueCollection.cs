using System.Globalization;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Points;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;
using PointId = DriftGuard.Core.Points.PointId;

namespace DriftGuard.Benchmarks.Copying;

/// <summary>
/// The collection that is copied: points as an index has them, with UUIDs made of text ids, the text id and a text of about 100
/// characters in the payload, and the stamps of the model that serves.
/// </summary>
internal static class BlueCollection
{
    public const string Name = "benchmark-blue";
    public const string TextField = "text";
    private const int Batch = 1000;
    private const int LeaseEpoch = 1;

    /// <summary>The model of its vectors.</summary>
    public static FreeEmbedder Model() => new("blue", seed: 1);

    /// <summary>Makes it and fills it.</summary>
    public static async Task FillAsync(QdrantStore qdrant, int points)
    {
        var model = Model();
        var writer = new PointWriter(qdrant, new RevisionSource(static _ => Task.FromResult((long)LeaseEpoch)));
        await qdrant.CreateCollectionAsync(Name, CollectionSchemas.New("benchmark", "", model));
        for (var first = 0; first < points; first += Batch)
        {
            var batch = Enumerable.Range(first, Math.Min(Batch, points - first)).Select(Document).ToList();
            await writer.WriteAsync(Name, model, await writer.EmbedAsync(model, "", batch, RolloutSettings.UsualTries, default), default);
        }
    }

    private static SourcePoint Document(int number)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"doc-{number:D7}");
        var text = $"The text of {id} is about as long as a question that somebody asks a bank, or a shop, on its page";
        return new(PointId.FromText(id), new MapField<string, Value> { ["id"] = new() { StringValue = id }, [TextField] = new() { StringValue = text } }, text);
    }
}
