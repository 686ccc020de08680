using DriftGuard.Core.Points;

namespace DriftGuard.Core.Rollouts.Proof;

/// <summary>A point that was compared: what each side holds under an id.</summary>
/// <param name="Id">The id.</param>
/// <param name="Source">What the side that is the truth holds; null for nothing.</param>
/// <param name="Target">What the other side holds; null for nothing.</param>
/// <param name="Stamped">The other side's stamp is whole, and of the model and the text that it should be of.</param>
public readonly record struct ComparedPoint(PointId Id, PointDigest? Source, PointDigest? Target, bool Stamped);

/// <summary>
/// Writes the proofs of partitions while a comparison of both sides goes by in id order. What it holds does not grow with the points.
/// </summary>
/// <param name="partitions">The partitions that are compared, in id order; between them may be gaps that are not.</param>
/// <param name="source">The side that is the truth.</param>
/// <param name="time">The clock.</param>
public sealed class ProofWriter(IReadOnlyList<Partition> partitions, Side source, TimeProvider time) : IDisposable
{
    private readonly List<PartitionProof> _done = [];
    private readonly SideDigest _left = new();
    private readonly SideDigest _right = new();
    private Dictionary<ProofDifference, long> _differences = [];
    private List<DifferingPoint> _first = [];
    private int _current;
    private PointId? _end = EndOf(partitions, 0);

    /// <summary>Takes in the next point.</summary>
    /// <exception cref="InvalidOperationException">It lies behind the last partition.</exception>
    public void Add(ComparedPoint point)
    {
        while (_end is { } end && point.Id >= end)
        {
            Close();
        }

        if (point.Source is { } left)
        {
            _left.Add(point.Id, left);
        }

        if (point.Target is { } right)
        {
            _right.Add(point.Id, right);
        }

        if (DifferenceOf(point) is { } difference)
        {
            _differences[difference] = _differences.GetValueOrDefault(difference) + 1;
            if (_first.Count < PartitionProof.MostNamed)
            {
                _first.Add(new(point.Id.ToString(), difference));
            }
        }
    }

    /// <summary>The proofs of all partitions, once the last point went by.</summary>
    public IReadOnlyList<PartitionProof> Finish()
    {
        while (_current < partitions.Count)
        {
            Close();
        }

        return _done;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
    }

    /// <summary>How a point differs; null where it does not.</summary>
    public static ProofDifference? DifferenceOf(ComparedPoint point) => point switch
    {
        { Target: null } => ProofDifference.Missing,
        { Source: null } => ProofDifference.Extra,
        { Source: { } left, Target: { } right } when left.ContentHash != right.ContentHash => ProofDifference.Text,
        { Source: { } left, Target: { } right } when left.PayloadHash != right.PayloadHash => ProofDifference.Payload,
        { Stamped: false } => ProofDifference.Stamp,
        _ => null,
    };

    private void Close()
    {
        if (_current >= partitions.Count)
        {
            throw new InvalidOperationException("a point was compared that lies behind the last partition");
        }

        _done.Add(new()
        {
            Ordinal = partitions[_current].Ordinal,
            SourcePoints = _left.Points,
            TargetPoints = _right.Points,
            SourceDigest = _left.Take(),
            TargetDigest = _right.Take(),
            Differences = _differences,
            First = _first,
            Source = source,
            At = time.GetUtcNow(),
        });
        (_differences, _first) = ([], []);
        _end = EndOf(partitions, ++_current);
    }

    private static PointId? EndOf(IReadOnlyList<Partition> partitions, int position) =>
        position < partitions.Count && partitions[position].End is { } end ? PointId.Parse(end) : null;
}
