namespace DriftGuard.Operator.Resources;

/// <summary>A model that indexes may name, and which one it has to be.</summary>
internal sealed record EmbeddingModel : Resource<EmbeddingModelSpec, EmbeddingModelStatus>
{
    /// <summary>Its name in the installation.</summary>
    public string ModelName => Spec.Name ?? Metadata.Name;
}

/// <summary>What is declared of a model.</summary>
internal sealed record EmbeddingModelSpec
{
    /// <summary>Its name in the installation; that of the resource unless set.</summary>
    public string? Name { get; init; }

    /// <summary>The fingerprint it must have; any unless set.</summary>
    public string? Fingerprint { get; init; }
}

/// <summary>What was observed of a model.</summary>
internal sealed record EmbeddingModelStatus : ResourceStatus
{
    /// <summary>Its name in the installation.</summary>
    public string? Name { get; init; }

    /// <summary>Its fingerprint there.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Components of its vectors.</summary>
    public int? Dimensions { get; init; }

    /// <summary>Who runs it.</summary>
    public string? Provider { get; init; }
}
