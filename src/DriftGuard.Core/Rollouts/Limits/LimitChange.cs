using System.Text.Json;
using DriftGuard.Core.Text;

namespace DriftGuard.Core.Rollouts.Limits;

/// <summary>
/// What somebody asked to change in a rollout's limits. A limit that is named takes the value, null for none; the others stay. Its stored form is
/// a JSON object of the limits by name: <c>{"pointsPerSecond":200,"money":null}</c>.
/// </summary>
/// <param name="Values">The limits that change, by the names below.</param>
public sealed record LimitChange(IReadOnlyDictionary<string, double?> Values)
{
    /// <summary><see cref="RolloutLimits.PointsPerSecond"/>.</summary>
    public const string PointsPerSecond = "pointsPerSecond";

    /// <summary><see cref="RolloutLimits.ConcurrentPartitions"/>.</summary>
    public const string ConcurrentPartitions = "concurrentPartitions";

    /// <summary><see cref="RolloutLimits.CallsPerMinute"/>.</summary>
    public const string CallsPerMinute = "callsPerMinute";

    /// <summary><see cref="RolloutLimits.TokensPerMinute"/>.</summary>
    public const string TokensPerMinute = "tokensPerMinute";

    /// <summary><see cref="RolloutLimits.Money"/>.</summary>
    public const string Money = "money";

    private static readonly string[] Known = [PointsPerSecond, ConcurrentPartitions, CallsPerMinute, TokensPerMinute, Money];

    /// <summary>A change of nothing.</summary>
    public static LimitChange None { get; } = new(new Dictionary<string, double?>(StringComparer.Ordinal));

    /// <summary>Reads the stored form; names of later versions are kept and mean nothing here.</summary>
    /// <exception cref="JsonException">It is no such object.</exception>
    public static LimitChange Read(string? json) =>
        json is null ? None : new(JsonSerializer.Deserialize<Dictionary<string, double?>>(json) ?? []);

    /// <summary>The stored form.</summary>
    public string ToJson() => JsonSerializer.Serialize(Values);

    /// <summary>What cannot be asked for; null where all can.</summary>
    public string? Problem() => Values.Select(Problem).FirstOrDefault(problem => problem is not null);

    /// <summary>This change, and a later one over it.</summary>
    public LimitChange Then(LimitChange later)
    {
        var values = new Dictionary<string, double?>(Values, StringComparer.Ordinal);
        foreach (var (name, value) in later.Values)
        {
            values[name] = value;
        }

        return new(values);
    }

    /// <summary>The limits that are in force after it.</summary>
    public RolloutLimits Over(RolloutLimits limits) => limits with
    {
        PointsPerSecond = Of(PointsPerSecond, limits.PointsPerSecond),
        ConcurrentPartitions = (int)Math.Max(RolloutLimits.FewestPartitions, Of(ConcurrentPartitions, limits.ConcurrentPartitions) ?? limits.ConcurrentPartitions),
        CallsPerMinute = Of(CallsPerMinute, limits.CallsPerMinute),
        TokensPerMinute = Of(TokensPerMinute, limits.TokensPerMinute),
        Money = Of(Money, limits.Money),
    };

    private static string? Problem(KeyValuePair<string, double?> limit) => limit switch
    {
        (var name, _) when !Known.Contains(name, StringComparer.Ordinal) => NearestName.Find(name, Known) is { } meant
            ? $"there is no limit '{name}'; did you mean '{meant}'?"
            : $"there is no limit '{name}'; known are {string.Join(", ", Known)}",
        (_, null) => null,
        (ConcurrentPartitions, { } partitions) => double.IsInteger(partitions) && partitions is >= RolloutLimits.FewestPartitions and <= RolloutLimits.MostPartitions
            ? null
            : FormattableString.Invariant($"{ConcurrentPartitions} is {partitions}: expected a whole number from {RolloutLimits.FewestPartitions} to {RolloutLimits.MostPartitions}"),
        (var name, { } value) => value > 0 && double.IsFinite(value) ? null : FormattableString.Invariant($"{name} is {value}: expected a number above 0, or null for no limit"),
    };

    private double? Of(string name, double? unchanged) => Values.TryGetValue(name, out var value) ? value : unchanged;
}
