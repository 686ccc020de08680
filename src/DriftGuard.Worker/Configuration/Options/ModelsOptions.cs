using System.ComponentModel.DataAnnotations;
using DriftGuard.Embedding.Pinning;

namespace DriftGuard.Worker.Configuration;

/// <summary>Where embedding models are found and how they are run.</summary>
public sealed record ModelsOptions
{
    /// <summary>Folders whose subfolders are models, searched in this order, before the models that come with DriftGuard.</summary>
    [PathSetting]
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>The folder that pulled and added models are kept in. Unless set: <c>models</c> in the data folder.</summary>
    [PathSetting]
    public string Cache { get; init; } = "";

    /// <summary>
    /// The file that says which models this deployment runs; if it exists, no others are run. Unless set: <c>models.lock.yaml</c> beside
    /// the configuration file, or in the data folder where there is no configuration file.
    /// </summary>
    [PathSetting]
    public string? LockFile { get; init; }

    /// <summary>The hub that <c>driftguard models pull</c> fetches from, Hugging Face or a mirror of it.</summary>
    public string Hub { get; init; } = PinningOptions.DefaultHub;

    /// <summary>A file that holds the hub's token, for private and gated models. Unless set: <c>$HF_TOKEN</c>.</summary>
    [PathSetting]
    public string? HubTokenFile { get; init; }

    /// <summary>Whether models that are locked and missing are pulled at the start. Otherwise nothing is fetched when DriftGuard runs.</summary>
    public bool PullMissing { get; init; }

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

    /// <summary>What models behind an API cost, so that plans can say it; none unless set.</summary>
    public IReadOnlyList<ModelPriceOptions> Prices { get; init; } = [];

    /// <summary>What a model costs; null where that is not configured.</summary>
    public ModelPriceOptions? PriceOf(string model) => Prices.FirstOrDefault(price => string.Equals(price.Model, model, StringComparison.Ordinal));

    /// <summary>Every folder that is searched for models, in order: <see cref="Roots"/>, the cache, the models that come with DriftGuard.</summary>
    public IReadOnlyList<string> SearchPath => [.. Roots, .. Cache.Length > 0 ? [PinningOptions.ModelsOf(Cache)] : Array.Empty<string>(), ShippedFolders.Models];

    /// <summary>Where models are pulled from, kept and locked.</summary>
    /// <param name="environment">The environment variables.</param>
    /// <returns>The options, with the token read.</returns>
    /// <exception cref="IOException">The token's file cannot be read any more; it could when the configuration was loaded.</exception>
    public PinningOptions Pinning(IReadOnlyDictionary<string, string> environment) => new()
    {
        CacheDirectory = Cache,
        LockFile = LockFile,
        Hub = new(Hub),
        Token = HubTokenFile is null ? environment.GetValueOrDefault(HubTokenVariable) is { Length: > 0 } token ? token : null : File.ReadAllText(HubTokenFile).Trim(),
        OtherRoots = [.. Roots, ShippedFolders.Models],
    };

    /// <summary>The environment variable with the hub's token, as the hub's own tools read it.</summary>
    public const string HubTokenVariable = "HF_TOKEN";
}
