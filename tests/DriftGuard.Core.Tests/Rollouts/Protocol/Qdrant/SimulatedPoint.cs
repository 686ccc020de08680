using System.Collections.Concurrent;
using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts.Proof;

namespace DriftGuard.Core.Tests.Rollouts.Protocol.Qdrant;

/// <summary>A point as it is stored: a payload of a text and another field, a vector that says what it is of, and a stamp if it has one.</summary>
internal sealed record SimulatedPoint(string Text, int Other, Vector Vector, Stamp? Stamp)
{
    private static readonly ConcurrentDictionary<string, string> Hashes = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<(string, int), string> PayloadHashes = new();

    public string ContentHash => HashOf(Text);

    public string PayloadHash => PayloadHashOf(Text, Other);

    public PointDigest Digest => new(ContentHash, PayloadHash);

    /// <summary>A point that DriftGuard writes.</summary>
    public static SimulatedPoint Stamped(string text, int other, string fingerprint, Revision revision)
    {
        var vector = new Vector(fingerprint, text);
        return new(text, other, vector, new Stamp(fingerprint, HashOf(text), PayloadHashOf(text, other), vector.Sketch, revision));
    }

    public static string HashOf(string text) => Hashes.GetOrAdd(text, Core.Points.ContentHash.Of);

    /// <summary>Of a payload of two fields; the canonical form over the wire is not Core's.</summary>
    public static string PayloadHashOf(string text, int other) =>
        PayloadHashes.GetOrAdd((text, other), static payload => $"{payload.Item1}|{payload.Item2}");
}

/// <summary>What a model of this fingerprint makes of this text.</summary>
internal readonly record struct Vector(string Fingerprint, string Text)
{
    public string Sketch => Text;
}
