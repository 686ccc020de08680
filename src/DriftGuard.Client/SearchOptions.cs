using System.Text.Json;
using System.Text.Json.Nodes;

namespace DriftGuard.Client;

/// <summary>How to search.</summary>
public sealed record SearchOptions
{
    /// <summary>How many points to find.</summary>
    public int Limit { get; init; } = 10;

    /// <summary>Which points may be found, as Qdrant's REST API writes filters; null: all.</summary>
    public JsonNode? Filter { get; init; }

    /// <summary>Whether to compare with every point instead of walking the index.</summary>
    public bool Exact { get; init; }
}

/// <summary>What a search found.</summary>
public sealed record SearchAnswer
{
    /// <summary>The epoch of the route that answered.</summary>
    public required long Epoch { get; init; }

    /// <summary>Fingerprint of the model that embedded the query and made the vectors that were searched.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The collection that was searched.</summary>
    public required string Collection { get; init; }

    /// <summary>The points, best first.</summary>
    public required IReadOnlyList<SearchHit> Results { get; init; }
}

/// <summary>A point that a search found.</summary>
public sealed record SearchHit
{
    /// <summary>Its id: a number, or a UUID as a text.</summary>
    public required JsonElement Id { get; init; }

    /// <summary>How near it is: larger is nearer for cosine and dot, smaller for Euclid and Manhattan.</summary>
    public required float Score { get; init; }

    /// <summary>Its payload.</summary>
    public required JsonElement Payload { get; init; }
}
