using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Proof;
using DriftGuard.Core.Tests.Rollouts.Protocol.Qdrant;

namespace DriftGuard.Core.Tests.Rollouts.Protocol.Workers;

/// <summary>A walk through a collection, page by page.</summary>
internal sealed class Walk
{
    private readonly Queue<(int Id, SimulatedPoint Point)> page = [];

    /// <summary>Where the next page begins; null after the last.</summary>
    public int? Next { get; private set; } = 0;

    public bool NeedsPage => page.Count == 0 && Next is not null;

    public (int Id, SimulatedPoint Point)? Current => page.TryPeek(out var point) ? point : null;

    public void Take(Page read)
    {
        foreach (var point in read.Points)
        {
            page.Enqueue(point);
        }

        Next = read.Next;
    }

    public void Advance() => page.Dequeue();
}

/// <summary>The running work of one pass, in batches.</summary>
/// <param name="Source">The collection that is the truth.</param>
/// <param name="Target">The one that is made equal to it.</param>
/// <param name="Fingerprint">Of the model of the target's vectors.</param>
/// <param name="IsTrusted">By the source's stamp: the target was written by applications, and its point without a stamp is as it should be if its payload is.</param>
/// <param name="ByStampAlone">Stamps are believed, also where applications have changed what is beside them.</param>
internal sealed record PassWork(string Source, string Target, string Fingerprint, Func<Stamp?, bool> IsTrusted, bool ByStampAlone)
{
    private const int BatchSize = 2;

    public List<(int Id, SimulatedPoint Point)> ToEmbed { get; } = [];

    public List<(int Id, SimulatedPoint Source, SimulatedPoint There)> ToOverwrite { get; } = [];

    public List<(int Id, SimulatedPoint Compared)> ToDelete { get; } = [];

    /// <summary>Those of the source, where they are kept for the merge after the switch.</summary>
    public List<int> Ids { get; } = [];

    /// <summary>What was found to differ.</summary>
    public HashSet<int> Differing { get; } = [];

    public int Compared { get; private set; }

    public int Embedded { get; set; }

    public int PayloadOnly { get; set; }

    public int Deleted { get; set; }

    public bool IsFull => ToEmbed.Count >= BatchSize || ToDelete.Count >= BatchSize || ToOverwrite.Count > 0;

    public void Clear()
    {
        ToEmbed.Clear();
        ToOverwrite.Clear();
        ToDelete.Clear();
    }

    /// <summary>Compares where both walks stand, and moves on.</summary>
    public void Compare(Walk source, Walk target)
    {
        Compared++;
        var order = source.Current is not { } left ? 1 : target.Current is not { } right ? -1 : left.Id.CompareTo(right.Id);
        Judge(
            order > 0 ? target.Current!.Value.Id : source.Current!.Value.Id,
            order > 0 ? null : source.Current!.Value.Point,
            order < 0 ? null : target.Current!.Value.Point);

        if (order <= 0)
        {
            source.Advance();
        }

        if (order >= 0)
        {
            target.Advance();
        }
    }

    /// <summary>Compares one document.</summary>
    public void Compare(int id, SimulatedPoint? source, SimulatedPoint? there)
    {
        Compared++;
        if (source is not null || there is not null)
        {
            Judge(id, source, there);
        }
    }

    private void Judge(int id, SimulatedPoint? source, SimulatedPoint? there)
    {
        var before = ToEmbed.Count + ToOverwrite.Count + ToDelete.Count;
        if (source is null)
        {
            ToDelete.Add((id, there!));
        }
        else if (there is null)
        {
            ToEmbed.Add((id, source));
        }
        else
        {
            JudgeBoth(id, source, there);
        }

        if (ToEmbed.Count + ToOverwrite.Count + ToDelete.Count > before)
        {
            Differing.Add(id);
        }
    }

    private void JudgeBoth(int id, SimulatedPoint source, SimulatedPoint there)
    {
        var found = ByStampAlone && there.Stamp is { } stamp ? new PointDigest(stamp.ContentHash, stamp.PayloadHash) : there.Digest;
        switch (PointDifferences.Judge(source.Digest, found, there.Stamp, Fingerprint))
        {
            case PointDifference.Unstamped when IsTrusted(source.Stamp) && there.PayloadHash == source.PayloadHash:
                break;
            case PointDifference.Embed or PointDifference.Unstamped:
                ToEmbed.Add((id, source));
                break;
            case PointDifference.Payload:
                ToOverwrite.Add((id, source, there));
                break;
        }
    }
}
