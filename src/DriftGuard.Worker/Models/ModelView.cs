using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Embedding.Pinning.Lock;
using DriftGuard.Worker.Configuration;

namespace DriftGuard.Worker.Models;

/// <summary>A model that can be named, as it is shown.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Model">Which model it is.</param>
/// <param name="Provider">Who runs it.</param>
/// <param name="Address">Where it is asked for; null of one that runs in the process.</param>
/// <param name="Dimensions">Components of its vectors.</param>
/// <param name="Pooling">How its vectors are made of tokens'; null where a provider does that.</param>
/// <param name="Distance">How its vectors are compared.</param>
/// <param name="MaxTokens">Tokens of a text that count.</param>
/// <param name="Fingerprint">Its fingerprint; null where it has problems.</param>
/// <param name="Lock">What the lock file says of it.</param>
/// <param name="Directory">The folder that describes it.</param>
/// <param name="Problems">Why it cannot be used; empty where it can.</param>
public sealed record ModelView(
    string Name, string? Model, string? Provider, string? Address, int? Dimensions, Pooling? Pooling, VectorDistance? Distance, int? MaxTokens, string? Fingerprint, LockState Lock, string Directory,
    IReadOnlyList<string> Problems)
{
    /// <summary>The models that can be named.</summary>
    public static IReadOnlyList<ModelView> Find(ModelsOptions options)
    {
        var locked = ModelLock.Read(options.LockFile);
        return
        [
            .. ModelCatalog.Find(options.SearchPath).Select(folder => new ModelView(
                folder.Name, folder.Spec?.Model, folder.Spec?.Provider, folder.Address, folder.Spec?.Dimensions, folder.Address is null ? folder.Spec?.Pooling : null, folder.Spec?.Distance,
                folder.Spec?.MaxTokens, folder.Fingerprint?.Id, LockStates.Of(locked, folder), folder.Directory, [.. folder.Problems.Select(problem => problem.ToString())])),
        ];
    }
}
