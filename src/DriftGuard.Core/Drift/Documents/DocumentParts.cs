using System.Runtime.InteropServices;

namespace DriftGuard.Core.Drift.Documents;

/// <summary>
/// Two samples of a corpus without what both hold. Of a corpus that is not much larger than the samples they share documents, and a document has
/// distance 0 to itself: compared as they are, samples of an unchanged corpus look more alike than they are, and new documents are hidden behind the
/// old ones. Without the shared documents, samples of an unchanged corpus are two random parts of it.
/// </summary>
internal sealed class DocumentParts
{
    /// <summary>With fewer documents than this left on a side, that side has not changed.</summary>
    private const int Fewest = 20;

    private DocumentParts(IReadOnlyList<float[]> first, IReadOnlyList<float[]> second, double changed) => (First, Second, Changed) = (first, second, changed);

    /// <summary>What is taken for the corpus as it was.</summary>
    public IReadOnlyList<float[]> First { get; }

    /// <summary>What is compared with it.</summary>
    public IReadOnlyList<float[]> Second { get; }

    /// <summary>
    /// The part of its sample that <see cref="Second"/>, or what took its place, makes up, 0 to 1: a corpus of which a part f was replaced lies
    /// f^2 of that part's MMD^2 away.
    /// </summary>
    public double Changed { get; }

    /// <summary>Splits two samples; null where they hold the same documents.</summary>
    public static DocumentParts? Of(IReadOnlyList<float[]> then, IReadOnlyList<float[]> now)
    {
        var left = new Dictionary<VectorKey, int>();
        foreach (var vector in now)
            CollectionsMarshal.GetValueRefOrAddDefault(left, new(vector), out _)++;
        var (gone, common) = (new List<float[]>(), new List<float[]>());
        var matched = new Dictionary<VectorKey, int>();
        foreach (var vector in then)
        {
            var key = new VectorKey(vector);
            if (left.GetValueOrDefault(key) is > 0 and var count)
            {
                left[key] = count - 1;
                CollectionsMarshal.GetValueRefOrAddDefault(matched, key, out _)++;
                common.Add(vector);
            }
            else
            {
                gone.Add(vector);
            }
        }

        var added = new List<float[]>();
        foreach (var vector in now)
        {
            var key = new VectorKey(vector);
            if (matched.GetValueOrDefault(key) is > 0 and var count)
                matched[key] = count - 1;
            else
                added.Add(vector);
        }

        if (added.Count >= Fewest)
            return new(gone.Count >= Fewest ? gone : then, added, (double)added.Count / now.Count);
        return gone.Count >= Fewest ? new(common, gone, (double)gone.Count / then.Count) : null;
    }

    /// <summary>A vector by its components.</summary>
    private readonly struct VectorKey(float[] vector) : IEquatable<VectorKey>
    {
        private readonly float[] _vector = vector;

        public bool Equals(VectorKey other) => _vector.AsSpan().SequenceEqual(other._vector);

        public override bool Equals(object? obj) => obj is VectorKey other && Equals(other);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.AddBytes(MemoryMarshal.AsBytes(_vector.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
