namespace DriftGuard.Operator.Resources;

/// <summary>A kind of custom resource.</summary>
/// <param name="Kind">Its name.</param>
/// <param name="Plural">Its name in addresses.</param>
internal sealed record ResourceKind(string Kind, string Plural)
{
    /// <summary>The API group of all.</summary>
    public const string Group = "driftguard.dev";

    /// <summary>The version.</summary>
    public const string Version = "v1alpha1";

    /// <summary>Group and version.</summary>
    public const string ApiVersion = $"{Group}/{Version}";

    /// <summary>Prefix of labels, annotations and finalizers.</summary>
    public const string Prefix = $"{Group}/";

    public static ResourceKind EmbeddingModel { get; } = new("EmbeddingModel", "embeddingmodels");

    public static ResourceKind CalibrationSet { get; } = new("CalibrationSet", "calibrationsets");

    public static ResourceKind EmbeddingIndex { get; } = new("EmbeddingIndex", "embeddingindexes");

    public static ResourceKind Rollout { get; } = new("Rollout", "rollouts");

    public static ResourceKind DriftCheck { get; } = new("DriftCheck", "driftchecks");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ResourceKind> All { get; } = [EmbeddingModel, CalibrationSet, EmbeddingIndex, Rollout, DriftCheck];

    /// <summary>The kind of a resource by what is declared of it.</summary>
    public static ResourceKind Of(Type spec) => spec.Name switch
    {
        nameof(EmbeddingModelSpec) => EmbeddingModel,
        nameof(CalibrationSetSpec) => CalibrationSet,
        nameof(EmbeddingIndexSpec) => EmbeddingIndex,
        nameof(RolloutSpec) => Rollout,
        nameof(DriftCheckSpec) => DriftCheck,
        _ => throw new ArgumentException($"{spec} is declared of no resource", nameof(spec)),
    };
}
