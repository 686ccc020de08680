using System.Globalization;

namespace DriftGuard.Core.Rollouts.Limits;

/// <summary>How fast and how far a rollout may go; what is null is not limited. The rates are of the whole rollout, however many processes copy it.</summary>
public sealed record RolloutLimits
{
    /// <summary>The fewest partitions that are copied at a time: with none nothing would end.</summary>
    public const int FewestPartitions = 1;

    /// <summary>The most partitions that one process may be told to copy at a time.</summary>
    public const int MostPartitions = 256;

    /// <summary>Points copied a second.</summary>
    public double? PointsPerSecond { get; init; }

    /// <summary>Partitions that one process copies at a time.</summary>
    public int ConcurrentPartitions { get; init; } = 2;

    /// <summary>Calls of the provider begun a minute.</summary>
    public double? CallsPerMinute { get; init; }

    /// <summary>Tokens embedded a minute.</summary>
    public double? TokensPerMinute { get; init; }

    /// <summary>Money that may be spent on the whole rollout, in the currency of the model's price.</summary>
    public double? Money { get; init; }

    /// <summary>Every limit in words.</summary>
    public string Text => string.Join(", ",
    [
        Worded(PointsPerSecond, "points a second"),
        string.Create(CultureInfo.InvariantCulture, $"{ConcurrentPartitions} partition(s) at a time"),
        Worded(CallsPerMinute, "calls a minute"),
        Worded(TokensPerMinute, "tokens a minute"),
        Money is { } money ? string.Create(CultureInfo.InvariantCulture, $"at most {money:0.00##} of money") : "any money",
    ]);

    private static string Worded(double? limit, string what) =>
        limit is { } most ? string.Create(CultureInfo.InvariantCulture, $"{most:0.####} {what}") : $"any {what}";
}
