using DriftGuard.Qdrant.Embedded.Payloads;
using DriftGuard.Qdrant.Embedded.Points;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Filters;

/// <summary>A stored point under a filter. One object serves a whole scan: move it from slot to slot. Not for several threads.</summary>
internal sealed class StoredPointTarget(PointStore points) : IFilterTarget
{
    private int _slot;

    public PointKey? Id => points.KeyOf(_slot);

    public Value? Field(PayloadKey key) => PayloadBytes.Find(points.PayloadOf(_slot), key.Utf8);

    public bool HasVector(string name) => points.HasVector(_slot, name);

    public StoredPointTarget At(int slot)
    {
        _slot = slot;
        return this;
    }
}

/// <summary>An object inside a payload, as a nested condition sees it: it has fields, and neither id nor vectors.</summary>
internal sealed class NestedTarget(Struct value) : IFilterTarget
{
    public PointKey? Id => null;

    public Value? Field(PayloadKey key) => value.Fields.GetValueOrDefault(key.Name);

    public bool HasVector(string name) => false;
}
