using System.Globalization;
using System.Runtime.InteropServices;
using DriftGuard.Core.Text;

namespace DriftGuard.Core.Rollouts.Estimates;

/// <summary>What a rollout takes: embedded from a sample of the corpus, not guessed.</summary>
public sealed record RolloutEstimate
{
    /// <summary>Standard normal quantile of a two-sided 95 % interval.</summary>
    private const double Reach = 1.959964;

    /// <summary>What the sample took.</summary>
    public required TextSample Sample { get; init; }

    /// <summary>Texts to embed, one a point.</summary>
    public required long Texts { get; init; }

    /// <summary>Points that green will hold.</summary>
    public required long Points { get; init; }

    /// <summary>Components of a vector.</summary>
    public required int Dimensions { get; init; }

    /// <summary>hnsw_config.m of green.</summary>
    public int Links { get; init; } = CollectionFootprint.DefaultLinks;

    /// <summary>Copies of each shard.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>The limit on copied points a second; null for none.</summary>
    public double? PointsPerSecond { get; init; }

    /// <summary>The limit on tokens a minute; null for none.</summary>
    public double? TokensPerMinute { get; init; }

    /// <summary>What a million tokens cost; null where the model has no price.</summary>
    public double? PricePerMillionTokens { get; init; }

    /// <summary>The currency of the price.</summary>
    public string Currency { get; init; } = "";

    /// <summary>The model is asked for at a provider, which charges: without a price its money is not known, and not nothing.</summary>
    public bool Charged { get; init; }

    /// <summary>Tokens that were counted as they were embedded; null where they are yet to be, or were not counted.</summary>
    public long? CountedTokens { get; init; }

    /// <summary>Tokens of all texts.</summary>
    public double Tokens => CountedTokens is > 0 and { } counted ? counted : Texts * Sample.MeanTokens;

    /// <summary>Half the width of the 95 % interval of <see cref="Tokens"/>; 0 where the sample is the whole corpus.</summary>
    public double TokensUncertainty => CountedTokens > 0 || Sample.Texts >= Texts ? 0
        : Sample.Texts < 2 ? Tokens
        : Texts * Reach * Sample.TokensDeviation * Math.Sqrt((1 - (Sample.Texts / (double)Texts)) / Sample.Texts);

    /// <summary>Hours of embedding at the measured rate, or at the limit where that is lower; null where nothing could be timed.</summary>
    public double? Hours => Rate is { } rate ? Texts / rate / 3600 : null;

    /// <summary>Texts a second that the hours assume; null where nothing could be timed.</summary>
    public double? Rate => Sample.TextsPerSecond is { } measured ? Math.Min(measured, Math.Min(PointsPerSecond ?? double.MaxValue, TokenRate)) : null;

    /// <summary>What all tokens cost: 0 where the model runs in the process, null where a provider's price is not configured.</summary>
    public double? Money => PricePerMillionTokens is { } price ? Tokens * price / 1e6 : Charged ? null : 0;

    /// <summary>What green takes in Qdrant, beside blue.</summary>
    public CollectionFootprint Footprint => CollectionFootprint.Of(Points, Dimensions, Sample.MeanPayloadBytes, Links, Replicas);

    /// <summary>Every figure that a budget can bound, in its order.</summary>
    public IReadOnlyList<EstimateFigure> Figures =>
    [
        new("tokens", Tokens, string.Create(CultureInfo.InvariantCulture, $"{(CountedTokens > 0 ? "" : "about ")}{Tokens:N0} tokens")),
        new("hours", Hours, Hours is { } hours ? $"{DurationText.Format(TimeSpan.FromSeconds(Math.Round(Math.Max(1, hours * 3600))))} of embedding" : "hours not measured"),
        new("money", Money, Money switch
        {
            null => "money not known",
            0 when !Charged => "no money",
            var money => string.Create(CultureInfo.InvariantCulture, $"{money:0.00##} {Currency}"),
        }),
        new("disk_gib", Gibibytes(Footprint.DiskBytes), string.Create(CultureInfo.InvariantCulture, $"{Gibibytes(Footprint.DiskBytes):0.0##} GiB of disk")),
        new("memory_gib", Gibibytes(Footprint.MemoryBytes), string.Create(CultureInfo.InvariantCulture, $"{Gibibytes(Footprint.MemoryBytes):0.0##} GiB of memory")),
    ];

    private double TokenRate => TokensPerMinute is { } limit && Sample.MeanTokens > 0 ? limit / 60 / Sample.MeanTokens : double.MaxValue;

    private static double Gibibytes(double bytes) => bytes / (1024.0 * 1024 * 1024);
}

/// <summary>One figure of an estimate.</summary>
/// <param name="Name">Its name, as a budget has it.</param>
/// <param name="Value">The figure; null where it is not known.</param>
/// <param name="Text">The same for people, with its unit.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct EstimateFigure(string Name, double? Value, string Text);
