using System.Buffers;
using DriftGuard.Core.Points;

namespace DriftGuard.Core.Rollouts.Merging;

/// <summary>Writes ids that go by in their order as sets that <see cref="IdSet"/> reads. What it holds does not grow with their number.</summary>
/// <param name="mostBytes">A part is full at so many bytes before compression.</param>
public sealed class IdSetWriter(int mostBytes = 1 << 20)
{
    private readonly ArrayBufferWriter<byte> _written = new();
    private UInt128 _previous;
    private bool _isUuid;

    /// <summary>The part is to be taken before the next id.</summary>
    public bool IsFull => _written.WrittenCount >= mostBytes;

    /// <summary>Takes in the next id.</summary>
    /// <exception cref="ArgumentException">It does not come after the one before.</exception>
    public void Add(PointId id)
    {
        if (id.IsNumber == _isUuid)
        {
            if (_isUuid)
            {
                throw new ArgumentException($"id {id} comes after a UUID; ids are to be added in their order", nameof(id));
            }

            // From here on UUIDs.
            IdSet.WriteNumber(_written, UInt128.Zero);
            (_previous, _isUuid) = (UInt128.Zero, true);
        }

        if (id.Value < _previous)
        {
            throw new ArgumentException($"id {id} is less than the one before; ids are to be added in their order", nameof(id));
        }

        IdSet.WriteNumber(_written, id.Value - _previous + (_isUuid ? UInt128.Zero : UInt128.One));
        _previous = id.Value;
    }

    /// <summary>The ids so far, and a beginning of the next part.</summary>
    public byte[] Take()
    {
        var part = IdSet.Pack(_written.WrittenSpan);
        _written.ResetWrittenCount();
        (_previous, _isUuid) = (UInt128.Zero, false);
        return part;
    }
}
