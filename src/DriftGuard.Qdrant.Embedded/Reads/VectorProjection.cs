using System.Text;
using DriftGuard.Qdrant.Embedded.Points;
using DriftGuard.Qdrant.Embedded.Wire;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Reads;

/// <summary>
/// Which vectors of a point an answer carries, and their wire form: bare where it is the default vector alone, by name otherwise, and an empty
/// map where the point has none of them.
/// </summary>
internal sealed class VectorProjection
{
    private const int DenseField = 101;
    private readonly VectorSpace[]? _spaces;

    private VectorProjection(VectorSpace[]? spaces) => _spaces = spaces;

    public static VectorProjection Of(WithVectorsSelector? selector, PointStore points) => selector?.SelectorOptionsCase switch
    {
        WithVectorsSelector.SelectorOptionsOneofCase.Enable when selector.Enable => new([.. points.Spaces]),
        WithVectorsSelector.SelectorOptionsOneofCase.Include => new([.. selector.Include.Names.Select(points.SpaceOrRefuse)]),
        _ => new(spaces: null),
    };

    /// <summary>Bytes of the <c>VectorsOutput</c> field, tag included; 0 where no vectors were asked for.</summary>
    public int FieldSize(int slot, int field) => _spaces is null ? 0 : WireWriter.FieldSize(field, OutputSize(slot));

    public void Write(WireWriter output, int slot, int field)
    {
        if (_spaces is null) return;
        output.Open(field, OutputSize(slot));
        if (IsBare(slot))
        {
            WriteVector(output, 1, slot, _spaces[0]);
            return;
        }

        output.Open(2, NamedSize(slot));
        foreach (var space in _spaces)
        {
            if (!space.Arena.Has(slot)) continue;
            output.Open(1, EntrySize(space));
            output.String(1, space.Name);
            WriteVector(output, 2, slot, space);
        }
    }

    private static void WriteVector(WireWriter output, int field, int slot, VectorSpace space)
    {
        output.Open(field, VectorSize(space));
        output.Open(DenseField, DenseSize(space));
        output.Open(1, space.Size * sizeof(float));
        output.Floats(space.Arena[slot]);
    }

    private static int DenseSize(VectorSpace space) => WireWriter.FieldSize(1, space.Size * sizeof(float));

    private static int VectorSize(VectorSpace space) => WireWriter.FieldSize(DenseField, DenseSize(space));

    private static int EntrySize(VectorSpace space) =>
        WireWriter.FieldSize(1, Encoding.UTF8.GetByteCount(space.Name)) + WireWriter.FieldSize(2, VectorSize(space));

    private bool IsBare(int slot) => _spaces is [{ Name: "" } space] && space.Arena.Has(slot);

    private int OutputSize(int slot) =>
        IsBare(slot) ? WireWriter.FieldSize(1, VectorSize(_spaces![0])) : WireWriter.FieldSize(2, NamedSize(slot));

    private int NamedSize(int slot)
    {
        var size = 0;
        foreach (var space in _spaces!)
            if (space.Arena.Has(slot)) size += WireWriter.FieldSize(1, EntrySize(space));
        return size;
    }
}
