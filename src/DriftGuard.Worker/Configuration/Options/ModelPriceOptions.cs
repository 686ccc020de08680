using System.ComponentModel.DataAnnotations;

namespace DriftGuard.Worker.Configuration;

/// <summary>What a model costs.</summary>
public sealed record ModelPriceOptions
{
    /// <summary>The model's name.</summary>
    [Required]
    public string Model { get; init; } = "";

    /// <summary>What its provider charges for a million tokens.</summary>
    [Range(0.0, 1e9)]
    public double PerMillionTokens { get; init; }

    /// <summary>The currency, for people; <c>USD</c> unless set.</summary>
    public string Currency { get; init; } = "USD";
}
