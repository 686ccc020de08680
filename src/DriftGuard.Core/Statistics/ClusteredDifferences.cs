using System.Runtime.InteropServices;

namespace DriftGuard.Core.Statistics;

/// <summary>
/// The mean of paired differences in [-1, 1] whose queries move together in groups: cluster-robust variance, and two pseudo-observations,
/// one +1 and one -1, without which a handful of zeros would look like certainty (the idea of Agresti and Coull 1998 for means).
/// </summary>
public sealed record ClusteredDifferences
{
    // Below this spread the differences are one number, and what is left of a variance is rounding.
    private const double Same = 1e-12;

    private const double PseudoObservations = 2;

    private ClusteredDifferences()
    {
    }

    /// <summary>n, at least 2.</summary>
    public int Queries { get; private init; }

    /// <summary>G, at least 2.</summary>
    public int Groups { get; private init; }

    /// <summary>The plain mean.</summary>
    public double Mean { get; private init; }

    /// <summary>The plain standard deviation, with n - 1.</summary>
    public double StandardDeviation { get; private init; }

    /// <summary>Variance of the mean by groups over its variance by queries, at least 1; n / G where all differences are the same.</summary>
    public double DesignEffect { get; private init; }

    /// <summary>n / design effect.</summary>
    public double EffectiveQueries => Queries / DesignEffect;

    /// <summary>m: the mean with the pseudo-observations, for a given design effect.</summary>
    public double Estimate { get; private init; }

    /// <summary>v: the variance of one difference, with the pseudo-observations.</summary>
    public double Variance { get; private init; }

    /// <summary>Standard error of <see cref="Estimate"/>.</summary>
    public double StandardError => Math.Sqrt(Variance / (EffectiveQueries + PseudoObservations));

    /// <summary>Estimates from differences and the group of each.</summary>
    /// <param name="differences">new - old for each query, in [-1, 1].</param>
    /// <param name="groups">The group of each query; any numbers.</param>
    /// <returns>null with fewer than 2 queries or 2 groups: nothing can be said then.</returns>
    /// <exception cref="ArgumentException">The lists differ in length, or a difference is not a finite number in [-1, 1].</exception>
    public static ClusteredDifferences? Estimated(IReadOnlyList<double> differences, IReadOnlyList<int> groups)
    {
        Refuse(differences, groups);
        var n = differences.Count;
        var mean = differences.Sum() / Math.Max(1, n);
        var byGroup = new Dictionary<int, double>();
        var squares = 0.0;
        for (var i = 0; i < n; i++)
        {
            var centred = differences[i] - mean;
            squares += centred * centred;
            CollectionsMarshal.GetValueRefOrAddDefault(byGroup, groups[i], out _) += centred;
        }

        if (byGroup.Count < 2)
            return null;
        var groupCount = byGroup.Count;
        var allSame = differences.Max() - differences.Min() <= Same;
        var variance = allSame ? 0 : squares / (n - 1);
        var clustered = groupCount / (groupCount - 1.0) * byGroup.Values.Sum(sum => sum * sum) / ((double)n * n);
        var designEffect = allSame ? n / (double)groupCount : Math.Max(1, clustered / (variance / n));
        return With(differences, groupCount, mean, Math.Sqrt(variance), designEffect);
    }

    /// <summary>Estimates for part of the queries with the design effect of all of them, because a part has too few groups for its own.</summary>
    /// <param name="differences">The part's differences, at least one.</param>
    /// <param name="whole">The estimate for all queries, which lends its design effect and groups.</param>
    /// <exception cref="ArgumentException">There is no difference, or one is not a finite number in [-1, 1].</exception>
    public static ClusteredDifferences OfPart(IReadOnlyList<double> differences, ClusteredDifferences whole)
    {
        RefuseValues(differences);
        if (differences.Count == 0)
            throw new ArgumentException("A part needs at least one difference.", nameof(differences));
        var mean = differences.Sum() / differences.Count;
        var deviation = differences.Count < 2
            ? 0
            : Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (differences.Count - 1));
        return With(differences, whole.Groups, mean, deviation, whole.DesignEffect);
    }

    /// <summary>The one-sided lower and upper bounds of the difference, each wrong with probability <paramref name="alpha"/>.</summary>
    public (double Lower, double Upper) Bounds(double alpha)
    {
        var reach = StudentDistribution.Quantile(1 - alpha, Groups - 1) * StandardError;
        return (Estimate - reach, Estimate + reach);
    }

    private static ClusteredDifferences With(IReadOnlyList<double> differences, int groups, double mean, double deviation, double designEffect)
    {
        var effective = differences.Count / designEffect;
        var estimate = effective * mean / (effective + PseudoObservations);
        var secondMoment = differences.Sum(d => d * d) / differences.Count;
        return new ClusteredDifferences
        {
            Queries = differences.Count,
            Groups = groups,
            Mean = mean,
            StandardDeviation = deviation,
            DesignEffect = designEffect,
            Estimate = estimate,
            Variance = ((effective * secondMoment + PseudoObservations) / (effective + PseudoObservations)) - (estimate * estimate),
        };
    }

    private static void Refuse(IReadOnlyList<double> differences, IReadOnlyList<int> groups)
    {
        if (differences.Count != groups.Count)
            throw new ArgumentException($"{differences.Count} differences have {groups.Count} groups; each difference needs the group of its query.", nameof(groups));
        RefuseValues(differences);
    }

    private static void RefuseValues(IReadOnlyList<double> differences)
    {
        for (var i = 0; i < differences.Count; i++)
        {
            if (!(Math.Abs(differences[i]) <= 1 + 1e-9))
                throw new ArgumentException(FormattableString.Invariant($"Difference {i} is {differences[i]}; expected a finite number in [-1, 1]."), nameof(differences));
        }
    }
}
