using System.Globalization;
using DriftGuard.Core.Points;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;
using PointId = DriftGuard.Core.Points.PointId;

namespace DriftGuard.Chaos.Tests.Workload;

/// <summary>The documents of one writer: half have numbers, half UUIDs; every text is one of its kind, so that a stale one is known.</summary>
/// <param name="writer">The writer's number.</param>
/// <param name="random">Where words come from.</param>
internal sealed class Documents(int writer, Random random)
{
    public const string Text = "text";
    public const string Owner = "owner";
    public const string Tag = "tag";
    private const int Tags = 40;
    private const int Words = 2_000;
    private const ulong IdsAWriter = 1_000_000;

    private int _revision;

    /// <summary>The id of a writer's document by its number.</summary>
    public PointId IdOf(int number)
    {
        var value = ((ulong)(writer + 1) * IdsAWriter) + (ulong)number;
        return number % 2 == 0 ? PointId.FromNumber(value) : PointId.FromUuid(TextId.ToUuid(value.ToString(CultureInfo.InvariantCulture)));
    }

    public int RandomTag() => random.Next(Tags);

    /// <summary>A new whole payload.</summary>
    public MapField<string, Value> New(int number) => Other(new() { [Text] = Of(NewText(number)), [Owner] = Of(writer), [Tag] = Of(RandomTag()) });

    /// <summary>The payload with the same text and everything else new.</summary>
    public MapField<string, Value> Other(MapField<string, Value> payload)
    {
        payload["note"] = NewNote();
        payload["size"] = new() { DoubleValue = random.Next(1_000) / 8.0 };
        payload["where"] = new() { StructValue = new() { Fields = { ["city"] = Of(Word()), ["zip"] = Of(random.Next(100_000)), ["open"] = new() { BoolValue = random.Next(2) == 0 } } } };
        return payload;
    }

    public Value NewNote() => Of($"note {++_revision} {Word()}");

    public Value NewTextValue(int number) => Of(NewText(number));

    private string NewText(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"w{writer}d{number}r{++_revision} {Word()} {Word()} {Word()} {Word()} {Word()}");

    private string Word() => string.Create(CultureInfo.InvariantCulture, $"lemma{random.Next(Words)}");

    private static Value Of(string text) => new() { StringValue = text };

    private static Value Of(int number) => new() { IntegerValue = number };
}
