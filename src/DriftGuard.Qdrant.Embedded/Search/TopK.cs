using System.Runtime.InteropServices;

namespace DriftGuard.Qdrant.Embedded.Search;

/// <summary>A slot and how near it is: larger is nearer, for every distance.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Hit(int Slot, float Nearness)
{
    /// <summary>Nearer first; NaN before all numbers, as Qdrant ranks it; equal ones by slot, so that pages of one query fit together.</summary>
    public bool IsBefore(Hit other)
    {
        if (Nearness > other.Nearness) return true;
        if (Nearness < other.Nearness) return false;
        if (float.IsNaN(Nearness) != float.IsNaN(other.Nearness)) return float.IsNaN(Nearness);
        return Slot < other.Slot;
    }
}

/// <summary>The nearest <c>capacity</c> hits seen so far, in a heap with the last of them on top.</summary>
internal sealed class TopK(int capacity)
{
    private Hit[] _heap = new Hit[Math.Min(capacity, 64)];
    private int _count;

    /// <summary>Whether a hit would be kept; cheap, and asked before anything dear such as a filter.</summary>
    public bool WouldKeep(Hit hit) => _count < capacity || (_count > 0 && hit.IsBefore(_heap[0]));

    public void Add(Hit hit)
    {
        if (_count < capacity)
        {
            if (_count == _heap.Length) Array.Resize(ref _heap, Math.Min(capacity, _heap.Length * 2));
            _heap[_count] = hit;
            SiftUp(_count++);
        }
        else if (_count > 0 && hit.IsBefore(_heap[0]))
        {
            _heap[0] = hit;
            SiftDown();
        }
    }

    public void Add(TopK other)
    {
        for (var i = 0; i < other._count; i++) Add(other._heap[i]);
    }

    /// <summary>The hits, nearest first.</summary>
    public Hit[] ToSorted()
    {
        var sorted = _heap.AsSpan(0, _count).ToArray();
        Array.Sort(sorted, (a, b) => a == b ? 0 : a.IsBefore(b) ? -1 : 1);
        return sorted;
    }

    private void SiftUp(int at)
    {
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (!_heap[parent].IsBefore(_heap[at])) return;
            (_heap[parent], _heap[at]) = (_heap[at], _heap[parent]);
            at = parent;
        }
    }

    private void SiftDown()
    {
        var at = 0;
        while (true)
        {
            var last = at;
            for (var child = (2 * at) + 1; child <= (2 * at) + 2 && child < _count; child++)
                if (_heap[last].IsBefore(_heap[child])) last = child;
            if (last == at) return;
            (_heap[last], _heap[at]) = (_heap[at], _heap[last]);
            at = last;
        }
    }
}
