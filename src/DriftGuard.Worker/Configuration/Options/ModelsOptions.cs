using System.ComponentModel.DataAnnotations;

namespace DriftGuard.Worker.Configuration;

/// <summary>Where embedding models are found and how they are run.</summary>
public sealed record ModelsOptions
{
    /// <summary>Folders whose subfolders are models, searched in this order, before the models that come with DriftGuard.</summary>
    [PathSetting]
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>
    /// How many inference sessions run side by side, each with one thread; 0 is one a core. One session a core beats one session
    /// with all threads.
    /// </summary>
    [Range(0, 256)]
    public int Sessions { get; init; }

    /// <summary>Every folder that is searched for models, in order: <see cref="Roots"/>, then the models that come with DriftGuard.</summary>
    public IReadOnlyList<string> SearchPath => [.. Roots, ShippedFolders.Models];
}
