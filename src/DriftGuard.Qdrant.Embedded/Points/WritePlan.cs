using System.Buffers;
using System.Runtime.InteropServices;
using DriftGuard.Qdrant.Embedded.Search;
using Grpc.Core;

namespace DriftGuard.Qdrant.Embedded.Points;

internal enum RowChange
{
    /// <summary>The point is inserted or replaced as a whole.</summary>
    Put,

    /// <summary>Only the payload changes.</summary>
    Payload,

    /// <summary>Only the vectors change; the plan names all that the point has afterwards.</summary>
    Vectors,

    Delete,
}

/// <summary>What happens to one slot. Vectors are a range of the plan's list.</summary>
internal readonly record struct PlannedRow(RowChange Change, int Slot, PointKey Id, byte[] Payload, int FirstVector, int VectorCount);

/// <summary>A vector of the plan; its values start at an offset of the plan's memory.</summary>
internal readonly record struct PlannedVector(VectorSpace Space, int Offset);

/// <summary>
/// Everything that one operation changes, decided before anything is touched: first it goes to disk in one transaction, then to memory.
/// So an operation that is refused leaves both as they were.
/// </summary>
internal sealed class WritePlan(int freeSlots, int nextSlot, Func<int, int> freeSlotAt) : IDisposable
{
    private readonly List<PlannedRow> _rows = [];
    private readonly List<PlannedVector> _vectors = [];
    private float[] _values = [];
    private int _used;

    public IReadOnlyList<PlannedRow> Rows => _rows;

    /// <summary>Slots of this plan that were free before it.</summary>
    public int NewSlots { get; private set; }

    public PlannedVector VectorAt(int index) => _vectors[index];

    public ReadOnlySpan<float> ValuesOf(PlannedVector vector) => _values.AsSpan(vector.Offset, vector.Space.Size);

    /// <summary>A slot for a point that is not there yet: one that a deleted point left, or the next.</summary>
    public int TakeSlot()
    {
        var taken = NewSlots++;
        return taken < freeSlots ? freeSlotAt(taken) : nextSlot + taken - freeSlots;
    }

    /// <summary>Copies in a vector of the right size, as little-endian floats, and makes it what is stored.</summary>
    public void AddVector(VectorSpace space, ReadOnlySpan<byte> values)
    {
        var offset = _used;
        Reserve((long)offset + space.Size);
        var room = _values.AsSpan(offset, space.Size);
        values.CopyTo(MemoryMarshal.AsBytes(room));
        space.Distance.Prepare(room);
        _used += space.Size;
        _vectors.Add(new PlannedVector(space, offset));
    }

    /// <summary>Names a vector of this plan once more, for another row.</summary>
    public void AddAgain(PlannedVector vector) => _vectors.Add(vector);

    /// <summary>Copies in a vector that is stored already.</summary>
    public void AddStored(VectorSpace space, int slot)
    {
        var offset = _used;
        Reserve((long)offset + space.Size);
        space.Arena[slot].CopyTo(_values.AsSpan(offset));
        _used += space.Size;
        _vectors.Add(new PlannedVector(space, offset));
    }

    public int VectorsSoFar => _vectors.Count;

    public void Add(PlannedRow row) => _rows.Add(row);

    /// <summary>Makes room for so many floats at once.</summary>
    public void Reserve(long floats)
    {
        if (_values.Length >= floats) return;
        if (floats > Array.MaxLength)
            throw Refusal.Because(
                StatusCode.ResourceExhausted, $"One operation changes vectors of {floats} numbers, more than {Array.MaxLength}; split it into several.");
        var larger = ArrayPool<float>.Shared.Rent((int)Math.Max(floats, Math.Min(_values.Length * 2L, Array.MaxLength)));
        _values.AsSpan(0, _used).CopyTo(larger);
        Release();
        _values = larger;
    }

    public void Dispose()
    {
        Release();
        _values = [];
    }

    private void Release()
    {
        if (_values.Length > 0) ArrayPool<float>.Shared.Return(_values);
    }
}
