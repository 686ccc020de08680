using System.Runtime.InteropServices;

namespace DriftGuard.Qdrant.Embedded.Points;

/// <summary>
/// The points of a collection in memory: ids, payloads in wire form, and vectors by slot. A slot is a point's place in every array and its
/// row on disk; deleted points leave theirs to later ones. Not synchronised: the collection's lock covers it.
/// </summary>
internal sealed class PointStore(IEnumerable<VectorSpace> spaces)
{
    private readonly Dictionary<PointKey, int> _slots = [];
    private readonly OrderedIds _ordered = new();
    private readonly List<PointKey> _keys = [];
    private readonly List<byte[]?> _payloads = [];
    private readonly List<ulong> _versions = [];
    private readonly List<int> _free = [];
    private VectorSpace[] _spaces = [.. spaces];

    public int Count => _slots.Count;

    public IReadOnlyList<VectorSpace> Spaces => _spaces;

    /// <summary>Number of the last operation that changed points, since the start.</summary>
    public ulong Version { get; private set; }

    /// <summary>Slots in use and free ones: every slot is below this.</summary>
    public int SlotCount => _keys.Count;

    public VectorSpace? Space(string name) => Array.Find(_spaces, space => string.Equals(space.Name, name, StringComparison.Ordinal));

    /// <summary>The vectors of a name, or the refusal that there is none.</summary>
    public VectorSpace SpaceOrRefuse(string name) => Space(name) ?? throw Refusal.NoVectorName(name);

    public bool TryGetSlot(PointKey id, out int slot) => _slots.TryGetValue(id, out slot);

    public bool IsLive(int slot) => _payloads[slot] is not null;

    public PointKey KeyOf(int slot) => _keys[slot];

    public byte[] PayloadOf(int slot) => _payloads[slot]!;

    public ulong VersionOf(int slot) => _versions[slot];

    public bool HasVector(int slot, string name) => Space(name) is { } space && space.Arena.Has(slot);

    /// <summary>Visits id and slot in scroll order from an id on, which need not exist, until the visitor returns false.</summary>
    public void Walk(PointKey? from, Func<PointKey, int, bool> visit) => _ordered.Walk(from, visit);

    public WritePlan NewPlan() => new(_free.Count, _keys.Count, taken => _free[_free.Count - 1 - taken]);

    /// <summary>Carries out a plan that is safe on disk.</summary>
    public void Apply(WritePlan plan, ulong version)
    {
        Version = version;
        ClaimSlots(plan);
        foreach (var row in plan.Rows)
        {
            _versions[row.Slot] = version;
            switch (row.Change)
            {
                case RowChange.Put: Put(plan, row); break;
                case RowChange.Payload: _payloads[row.Slot] = row.Payload; break;
                case RowChange.Vectors: SetVectors(plan, row); break;
                default: Delete(row); break;
            }
        }
    }

    /// <summary>Brings back a stored point at start. Slots may come in any order.</summary>
    public void Restore(int slot, PointKey id, ulong version, byte[] payload)
    {
        Grow(slot + 1);
        Enter(id, slot, payload);
        _versions[slot] = version;
    }

    /// <summary>Lists the slots that no restored point has, once all are back.</summary>
    public void FinishRestore()
    {
        for (var slot = _keys.Count - 1; slot >= 0; slot--)
            if (!IsLive(slot)) _free.Add(slot);
    }

    public void SetSpaces(IEnumerable<VectorSpace> spaces) => _spaces = [.. spaces];

    private void ClaimSlots(WritePlan plan)
    {
        var reused = Math.Min(plan.NewSlots, _free.Count);
        _free.RemoveRange(_free.Count - reused, reused);
        Grow(_keys.Count + plan.NewSlots - reused);
    }

    private void Put(WritePlan plan, PlannedRow row)
    {
        if (IsLive(row.Slot)) _payloads[row.Slot] = row.Payload;
        else Enter(row.Id, row.Slot, row.Payload);
        SetVectors(plan, row);
    }

    private void Enter(PointKey id, int slot, byte[] payload)
    {
        _slots.Add(id, slot);
        _ordered.Add(id, slot);
        _keys[slot] = id;
        _payloads[slot] = payload;
    }

    private void SetVectors(WritePlan plan, PlannedRow row)
    {
        foreach (var space in _spaces)
            if (!IsPlanned(plan, row, space)) space.Arena.Clear(row.Slot);
        for (var i = 0; i < row.VectorCount; i++)
        {
            var vector = plan.VectorAt(row.FirstVector + i);
            vector.Space.Arena.Set(row.Slot, plan.ValuesOf(vector));
        }
    }

    private static bool IsPlanned(WritePlan plan, PlannedRow row, VectorSpace space)
    {
        for (var i = 0; i < row.VectorCount; i++)
            if (ReferenceEquals(plan.VectorAt(row.FirstVector + i).Space, space)) return true;
        return false;
    }

    private void Delete(PlannedRow row)
    {
        foreach (var space in _spaces) space.Arena.Clear(row.Slot);
        _slots.Remove(row.Id);
        _ordered.Remove(row.Id);
        _payloads[row.Slot] = null;
        _free.Add(row.Slot);
    }

    private void Grow(int slots)
    {
        if (slots <= _keys.Count) return;
        CollectionsMarshal.SetCount(_versions, slots);
        CollectionsMarshal.SetCount(_keys, slots);
        var from = _payloads.Count;
        CollectionsMarshal.SetCount(_payloads, slots);
        CollectionsMarshal.AsSpan(_payloads)[from..].Clear();
    }
}
