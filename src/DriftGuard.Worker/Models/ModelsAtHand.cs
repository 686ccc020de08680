using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Embedding.Pinning;

namespace DriftGuard.Worker.Models;

/// <summary>Whether a model can still embed: its files may be gone or exchanged, its provider may have retired it.</summary>
internal static class ModelsAtHand
{
    /// <summary>A text that every model takes.</summary>
    private const string HarmlessText = "a";

    /// <summary>The model of a name with a fingerprint, if it embeds a text.</summary>
    /// <returns>The model; or why there is none.</returns>
    public static async Task<(ITextEmbedder? Model, Exception? WhyNot)> TryGetAsync(this ModelPool models, string name, string? fingerprint, CancellationToken cancellation)
    {
        try
        {
            var model = models.Get(name, fingerprint);
            var tried = (await model.EmbedAsync([HarmlessText], InputKind.Query, cancellation))[0];
            return tried.IsEmbedded ? (model, null) : (null, new OperatorException(OperatorError.Unavailable, $"model '{name}' has no vector for a plain text: {tried.Failure}"));
        }
        catch (Exception failure) when (IsOfModel(failure))
        {
            return (null, failure);
        }
    }

    /// <summary>Whether a failure says that there is no such model any more, or not as it was.</summary>
    public static bool IsOfModel(Exception failure) =>
        failure is ModelException or PinningException or EmbeddingProviderException or OperatorException { Error: OperatorError.Conflict or OperatorError.NotFound };
}
