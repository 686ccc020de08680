namespace DriftGuard.Core.Calibration.Thresholds;

/// <summary>Two halves of labelled pairs: one to learn from, one to test on. Groups stay whole.</summary>
internal sealed record PairHalves(IReadOnlyList<ScoredPair> Learn, IReadOnlyList<ScoredPair> Test)
{
    /// <summary>
    /// Large groups first and otherwise in random order, each goes where its class is rarer, so that both halves have about as many of
    /// either. Scores play no part: both halves stay samples of the same pairs.
    /// </summary>
    public static PairHalves Of(IReadOnlyList<ScoredPair> pairs, int seed)
    {
        var random = new Random(seed);
        var groups = pairs.GroupBy(pair => pair.Group).Select(group => group.ToArray()).ToArray();
        random.Shuffle(groups);
        double positives = Math.Max(1, pairs.Count(pair => pair.Positive)), negatives = Math.Max(1, pairs.Count(pair => !pair.Positive));
        var (learn, test) = (new List<ScoredPair>(), new List<ScoredPair>());
        var balance = (Positives: 0, Negatives: 0);
        foreach (var group in groups.OrderByDescending(group => group.Length))
        {
            var (more, less) = (group.Count(pair => pair.Positive), group.Count(pair => !pair.Positive));
            var lean = (balance.Positives * more / (positives * positives)) + (balance.Negatives * less / (negatives * negatives));
            var toLearn = lean < 0 || (lean == 0 && random.Next(2) == 0);
            (toLearn ? learn : test).AddRange(group);
            var sign = toLearn ? 1 : -1;
            balance = (balance.Positives + (sign * more), balance.Negatives + (sign * less));
        }

        return new(learn, test);
    }
}
