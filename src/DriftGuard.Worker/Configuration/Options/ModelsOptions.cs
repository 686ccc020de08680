using System.ComponentModel.DataAnnotations;

namespace DriftGuard.Worker.Configuration;

/// <summary>Where embedding models are found and how they are run.</summary>
public sealed record ModelsOptions
{
    /// <summary>Folders whose subfolders are models, searched in this order, before the models that come with DriftGuard.</summary>
    [PathSetting]
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>How many inference sessions run side by side, each with its own copy of the weights; 0 is measured.</summary>
    [Range(0, 256)]
    public int Sessions { get; init; }

    /// <summary>How many threads one run of a session takes; 0 is measured.</summary>
    [Range(0, 256)]
    public int ThreadsPerSession { get; init; }

    /// <summary>
    /// How many tokens, padding included, one run of a graph takes; 0 is measured. Without effect on graphs that take one text a run, see
    /// <c>batching</c> of a model.
    /// </summary>
    [Range(0, 1 << 20)]
    public int TokensPerRun { get; init; }

    /// <summary>
    /// What graphs run on, in the order of preference: <c>cpu</c>, <c>cuda</c> or another provider that the executable was built with; what it
    /// was not built with is passed over for the next.
    /// </summary>
    [MinLength(1)]
    public IReadOnlyList<string> ExecutionProviders { get; init; } = ["cpu"];

    /// <summary>Every folder that is searched for models, in order: <see cref="Roots"/>, then the models that come with DriftGuard.</summary>
    public IReadOnlyList<string> SearchPath => [.. Roots, ShippedFolders.Models];
}
