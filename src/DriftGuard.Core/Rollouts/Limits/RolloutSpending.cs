using System.Globalization;

namespace DriftGuard.Core.Rollouts.Limits;

/// <summary>What a rollout has spent, and what it may spend.</summary>
/// <param name="Tokens">Tokens that were embedded and are on record.</param>
/// <param name="PricePerMillionTokens">What a million of them cost; null where that is not known.</param>
/// <param name="Currency">The currency of the price.</param>
/// <param name="Cap">The most that may be spent; null for any amount.</param>
public sealed record RolloutSpending(long Tokens, double? PricePerMillionTokens, string Currency, double? Cap)
{
    /// <summary>What the tokens cost; null where that is not known.</summary>
    public double? Money => PricePerMillionTokens is { } price ? Tokens * price / 1e6 : null;

    /// <summary>Nothing more may be embedded: the cap is reached, or there is one and nobody knows what is spent.</summary>
    public bool IsSpent => Cap is { } cap && !(Money < cap);

    /// <summary>What is spent of what may be, and what would be left to pay.</summary>
    /// <param name="tokensLeft">Tokens that are left to embed; null where that is not known.</param>
    public string Text(double? tokensLeft) => Money is not { } money
        ? "the price of the model is not configured, so that the spending cap cannot be held: set models.prices"
        : string.Create(CultureInfo.InvariantCulture, $"{money:0.00##} {Currency} of {Cap:0.00##} are spent")
            + (tokensLeft is { } left ? string.Create(CultureInfo.InvariantCulture, $"; what is left takes about {left * PricePerMillionTokens!.Value / 1e6:0.00##} {Currency}") : "");
}
