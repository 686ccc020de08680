using DriftGuard.Core.Statistics.Thresholds;

namespace DriftGuard.Core.Calibration.Thresholds;

/// <summary>How a threshold does on labelled pairs. Shares come with exact 95 % bounds; F1's are from the bootstrap over groups.</summary>
/// <param name="Positives">Positive pairs.</param>
/// <param name="Negatives">Negative pairs.</param>
/// <param name="FalseAccepts">Share of the negatives that is accepted; null without negatives.</param>
/// <param name="Recall">Share of the positives that is accepted; null without positives.</param>
/// <param name="Precision">Share of the accepted that is positive; null where nothing is accepted.</param>
/// <param name="Accuracy">Share of right answers.</param>
/// <param name="F1">2 TP / (2 TP + FP + FN); null without positives where nothing is accepted.</param>
/// <param name="F1Interval">Its interval; null where too few resamples define it, and for slices.</param>
public sealed record CutFigures(
    int Positives, int Negatives, ClusteredShare? FalseAccepts, ClusteredShare? Recall, ClusteredShare? Precision, ClusteredShare? Accuracy, double? F1,
    BootstrapInterval? F1Interval)
{
    /// <summary>Measures a threshold.</summary>
    /// <param name="cut">The threshold.</param>
    /// <param name="pairs">The pairs.</param>
    /// <param name="bootstrap">Seed and resamples for F1; null leaves its interval out.</param>
    internal static CutFigures Of(Cut cut, IReadOnlyList<ScoredPair> pairs, ThresholdOptions? bootstrap = null)
    {
        bool[] accepted = [.. pairs.Select(pair => cut.Accepts(pair.Score))];
        return new(
            pairs.Count(pair => pair.Positive), pairs.Count(pair => !pair.Positive),
            Share(i => !pairs[i].Positive, i => accepted[i]),
            Share(i => pairs[i].Positive, i => accepted[i]),
            Share(i => accepted[i], i => pairs[i].Positive),
            Share(_ => true, i => accepted[i] == pairs[i].Positive),
            F1Of(Enumerable.Range(0, pairs.Count)),
            bootstrap is null ? null : GroupBootstrap.Interval([.. pairs.Select(pair => pair.Group)], bootstrap.Seed, bootstrap.Resamples, F1Of));

        ClusteredShare? Share(Func<int, bool> among, Func<int, bool> hit)
        {
            int[] chosen = [.. Enumerable.Range(0, pairs.Count).Where(among)];
            return ClusteredShare.Of([.. chosen.Select(hit)], [.. chosen.Select(i => pairs[i].Group)]);
        }

        double? F1Of(IEnumerable<int> positions)
        {
            var (right, answers) = (0, 0);
            foreach (var i in positions)
            {
                right += accepted[i] && pairs[i].Positive ? 1 : 0;
                answers += (accepted[i] ? 1 : 0) + (pairs[i].Positive ? 1 : 0);
            }

            return answers == 0 ? null : 2.0 * right / answers;
        }
    }
}
