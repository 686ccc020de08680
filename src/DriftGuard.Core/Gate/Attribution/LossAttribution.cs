using System.Globalization;
using System.Text.Json.Serialization;
using DriftGuard.Core.Statistics;

namespace DriftGuard.Core.Gate.Attribution;

/// <summary>What loses, between two sides that were searched as users do and exactly.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LossCause>))]
public enum LossCause
{
    /// <summary>Neither part loses beyond chance and epsilon.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>The model: exact search loses as well.</summary>
    [JsonStringEnumMemberName("model")]
    Model,

    /// <summary>The approximate index: it finds less of what exact search finds than the old one did.</summary>
    [JsonStringEnumMemberName("approximate_index")]
    ApproximateIndex,

    /// <summary>Each of them loses by itself.</summary>
    [JsonStringEnumMemberName("both")]
    Both,
}

/// <summary>A part of the difference between two sides.</summary>
/// <param name="Mean">Its mean over the queries, on the metric's scale; the two parts add up to the whole difference.</param>
/// <param name="Lower">One-sided lower bound, from paired differences in groups; null with fewer than two groups.</param>
/// <param name="Upper">One-sided upper bound; null with fewer than two groups.</param>
/// <param name="Loses">Whether the mean is a loss of epsilon or more and the upper bound is below 0.</param>
public sealed record DifferencePart(double Mean, double? Lower, double? Upper, bool Loses);

/// <summary>
/// Whose the difference of a metric is: the model's is what exact search shows, new less old; the index' is what approximate search adds to
/// or takes from that, (approximate - exact) of the new side less that of the old. Judged apart, so that a loss of the one is not
/// hidden by a gain of the other.
/// </summary>
/// <param name="Cause">What loses.</param>
/// <param name="Difference">The whole difference, as users search.</param>
/// <param name="Model">The model's part.</param>
/// <param name="Index">The approximate index' part.</param>
/// <param name="Epsilon">A smaller loss is never called one.</param>
/// <param name="Alpha">The error of each one-sided bound.</param>
public sealed record LossAttribution(LossCause Cause, double Difference, DifferencePart Model, DifferencePart Index, double Epsilon, double Alpha)
{
    /// <summary>The figures in a sentence.</summary>
    public string Sentence
    {
        get
        {
            var parts = Parts;
            return Cause switch
            {
                LossCause.Model => $"the model loses: {parts}",
                LossCause.ApproximateIndex => $"the approximate index loses, not the model: {parts}; raise hnsw_config.m or ef_construct of the new collection, or hnsw_ef of searches",
                LossCause.Both => $"both lose: {parts}",
                _ => $"nothing that chance does not explain is lost: {parts}",
            };
        }
    }

    /// <summary>Both parts in words.</summary>
    public string Parts => string.Create(
        CultureInfo.InvariantCulture, $"of {Signed(Difference)}, {Signed(Model.Mean)} is the model's (exact search) and {Signed(Index.Mean)} the approximate index'");

    /// <summary>Takes a difference apart.</summary>
    /// <param name="old">The old side's values by query, as users search and by exact search, in [0, 1].</param>
    /// <param name="now">The new side's, of the same queries.</param>
    /// <param name="groups">The group of each query.</param>
    /// <param name="epsilon">A smaller loss is never called one.</param>
    /// <param name="alpha">The error of each one-sided bound.</param>
    /// <returns>null without a query: there is no difference then.</returns>
    /// <exception cref="ArgumentException">The lists differ in length, or a value is not a number in [0, 1].</exception>
    public static LossAttribution? Of(
        (IReadOnlyList<double> Users, IReadOnlyList<double> Exact) old, (IReadOnlyList<double> Users, IReadOnlyList<double> Exact) now, IReadOnlyList<int> groups,
        double epsilon, double alpha)
    {
        var n = groups.Count;
        if (old.Users.Count != n || old.Exact.Count != n || now.Users.Count != n || now.Exact.Count != n)
            throw new ArgumentException($"{n} queries have {old.Users.Count}, {old.Exact.Count}, {now.Users.Count} and {now.Exact.Count} values; expected one each.", nameof(groups));
        if (n == 0)
            return null;
        var model = Part([.. Enumerable.Range(0, n).Select(i => now.Exact[i] - old.Exact[i])], groups, epsilon, alpha);
        var index = Part([.. Enumerable.Range(0, n).Select(i => (now.Users[i] - now.Exact[i]) - (old.Users[i] - old.Exact[i]))], groups, epsilon, alpha);
        var cause = (model.Loses, index.Loses) switch
        {
            (true, true) => LossCause.Both,
            (true, _) => LossCause.Model,
            (_, true) => LossCause.ApproximateIndex,
            _ => LossCause.None,
        };
        return new(cause, now.Users.Sum() / n - (old.Users.Sum() / n), model, index, epsilon, alpha);
    }

    private static DifferencePart Part(double[] differences, IReadOnlyList<int> groups, double epsilon, double alpha)
    {
        var mean = differences.Sum() / differences.Length;

        // Differences of differences can lie beyond [-1, 1], where the bounds are drawn on half the scale: wider, never narrower.
        var scale = differences.Any(difference => Math.Abs(difference) > 1) ? 2 : 1;
        var bounds = ClusteredDifferences.Estimated([.. differences.Select(difference => difference / scale)], groups)?.Bounds(alpha);
        var (lower, upper) = (scale * bounds?.Lower, scale * bounds?.Upper);
        return new(mean, lower, upper, mean <= -epsilon && upper < 0);
    }

    private static string Signed(double value) => value.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture);
}
