using DriftGuard.Core.Drift.Sampling;
using DriftGuard.Core.Statistics;
using DriftGuard.Core.Statistics.TwoSample;

namespace DriftGuard.Core.Drift.Queries;

/// <summary>What queries looked like when the index was known to be good, and what is fixed by them.</summary>
public sealed record QueryBaseline
{
    /// <summary>The share of the baseline's queries below <see cref="CoverageThreshold"/>.</summary>
    public const double Quantile = .05;

    /// <summary>The bandwidth is the median of the distances between this many vectors at most, evenly taken.</summary>
    private const int MostForMedian = 1_000;

    /// <summary>A query whose best score is below this is poorly covered: the 5 % quantile of the baseline's best scores.</summary>
    public required double CoverageThreshold { get; init; }

    /// <summary>Queries of the baseline below the threshold; 0 where scores are constant or tied at the least one.</summary>
    public required int Below { get; init; }

    /// <summary>Standard deviation of the Gaussian kernel: the median distance between two queries; 0 where half of them are equal.</summary>
    public required double Bandwidth { get; init; }

    /// <summary>The vectors of the baseline's queries.</summary>
    public required IReadOnlyList<float[]> Vectors { get; init; }

    /// <summary>The share of a day's queries that are poorly covered.</summary>
    internal DailyShare ShareOf(DayOfQueries day) => new(day.Queries.Count(query => query.BestScore < CoverageThreshold), day.Queries.Count);

    /// <summary>Learns from queries.</summary>
    /// <param name="vectors">Two at least, of one length.</param>
    /// <param name="bestScores">Score of the nearest document of each; higher is nearer.</param>
    /// <exception cref="ArgumentException">There are fewer than two, the lists or vectors differ in length, or a number is not finite.</exception>
    public static QueryBaseline Of(IReadOnlyList<float[]> vectors, IReadOnlyList<double> bestScores)
    {
        if (vectors.Count < 2 || vectors.Count != bestScores.Count)
            throw new ArgumentException($"There are {vectors.Count} vectors and {bestScores.Count} best scores; expected two or more and as many of each.", nameof(bestScores));
        for (var i = 0; i < bestScores.Count; i++)
        {
            if (!double.IsFinite(bestScores[i]))
                throw new ArgumentException(FormattableString.Invariant($"The best score of query {i} is {bestScores[i]}; expected a finite number."), nameof(bestScores));
        }

        var positions = SystematicSample.Positions(vectors.Count, MostForMedian, seed: 0);
        _ = Samples.Of(vectors.Take(1), vectors.Skip(1)); // checks all of them
        var taken = positions.Select(position => vectors[(int)position]).ToList();
        double[] sorted = [.. bestScores.Order()];
        var threshold = sorted[(int)(Quantile * sorted.Length)];
        return new()
        {
            CoverageThreshold = threshold,
            Below = sorted.Count(score => score < threshold),
            Bandwidth = PairwiseDistances.Of(Samples.Of(taken.Take(1), taken.Skip(1))).Median(),
            Vectors = vectors,
        };
    }
}
