using DriftGuard.Core.Embedding;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Rollouts.Copying.Pacing;

/// <summary>What a spending cap needs to be held.</summary>
internal static class SpendingCap
{
    /// <summary>A model that is charged for has a price.</summary>
    /// <exception cref="OperatorException">It has none, and there is a cap.</exception>
    public static void RequirePrice(ModelsOptions options, ITextEmbedder model, double? cap)
    {
        if (cap is not null && model.Spec.Provider != ModelSpec.OnnxProvider && options.PriceOf(model.Spec.Name) is null)
        {
            throw new OperatorException(OperatorError.Invalid,
                $"spending cannot be capped: the price of model '{model.Spec.Name}' is not configured. Add it to models.prices: [{{ model: {model.Spec.Name}, perMillionTokens: ..., currency: USD }}]");
        }
    }
}
