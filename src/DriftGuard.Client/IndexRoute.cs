namespace DriftGuard.Client;

/// <summary>By what an index is served: one collection, and the model that made its vectors.</summary>
public sealed record IndexRoute
{
    /// <summary>The index.</summary>
    public required string Index { get; init; }

    /// <summary>Rises with every switch to another model, there or back.</summary>
    public required long Epoch { get; init; }

    /// <summary>Fingerprint of the model, 64 hex digits: vectors of models with different ones do not compare.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The collection in Qdrant.</summary>
    public required string Collection { get; init; }

    /// <summary>The vector's name in it; the default vector has the empty name.</summary>
    public string Vector { get; init; } = "";

    /// <summary>The model; null where it is gone, and <see cref="Bridge"/> is there in its place.</summary>
    public required RouteModel? Model { get; init; }

    /// <summary>Over which queries go while the model is gone; null where they need none.</summary>
    public RouteBridge? Bridge { get; init; }

    /// <summary>The model to embed queries with: the bridge's where there is one.</summary>
    public RouteModel QueryModel => Bridge?.Spec ?? Model ?? throw new InvalidOperationException($"the route of index '{Index}' has neither a model nor a bridge");

    /// <summary>The fingerprint to send with vectors of <see cref="QueryModel"/>.</summary>
    public string QueryFingerprint => Bridge?.Fingerprint ?? Fingerprint;

    /// <summary>The similarities to cut at under this model.</summary>
    public IReadOnlyList<RouteThreshold> Thresholds { get; init; } = [];
}

/// <summary>A map by which queries of another model search a collection whose own model is gone; temporary, until a rollout ends it.</summary>
public sealed record RouteBridge
{
    /// <summary>The bridge.</summary>
    public required string Id { get; init; }

    /// <summary>Fingerprint of the model whose queries it maps.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>That model.</summary>
    public required RouteModel Spec { get; init; }

    /// <summary>When it ends at the latest.</summary>
    public DateTimeOffset Until { get; init; }
}

/// <summary>The model of a route: what decides its vectors, as far as an application that embeds by itself needs it.</summary>
public sealed record RouteModel
{
    /// <summary>What configuration calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Who computes the vectors, such as <c>onnx</c> or <c>openai</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The provider's or publisher's name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Which revision of it; empty if there is only one.</summary>
    public string Revision { get; init; } = "";

    /// <summary>Length of the vectors.</summary>
    public required int Dimensions { get; init; }

    /// <summary>Put before each query.</summary>
    public string QueryPrefix { get; init; } = "";

    /// <summary>Put before each document.</summary>
    public string DocumentPrefix { get; init; } = "";
}

/// <summary>A similarity to cut at.</summary>
public sealed record RouteThreshold
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The similarity.</summary>
    public required double Value { get; init; }

    /// <summary>On which side of it a pair is accepted, such as <c>at_or_above</c>.</summary>
    public required string Accept { get; init; }
}
