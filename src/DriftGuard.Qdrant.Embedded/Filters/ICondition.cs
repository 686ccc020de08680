using DriftGuard.Qdrant.Embedded.Points;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Filters;

/// <summary>A condition of a filter, ready to be asked of many points. It holds no state of its own.</summary>
internal interface ICondition
{
    bool Matches(IFilterTarget target);
}

/// <summary>What a condition is asked of: a stored point, or an object nested in its payload.</summary>
internal interface IFilterTarget
{
    /// <summary>Id of the point; none inside a nested object, where conditions on ids match nothing.</summary>
    PointKey? Id { get; }

    /// <summary>Value of a top-level key, null when absent.</summary>
    Value? Field(PayloadKey key);

    bool HasVector(string name);
}

/// <summary>A payload key, with its bytes on the wire so that stored payloads need not be decoded.</summary>
internal sealed record PayloadKey(string Name)
{
    public byte[] Utf8 { get; } = System.Text.Encoding.UTF8.GetBytes(Name);
}
