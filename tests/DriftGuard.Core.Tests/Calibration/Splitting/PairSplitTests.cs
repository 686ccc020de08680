using CsCheck;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Splitting;

namespace DriftGuard.Core.Tests.Calibration.Splitting;

public sealed class PairSplitTests
{
    [Fact]
    public void No_text_stands_in_both_halves_and_the_share_is_kept_but_for_one_group() => Gen.Select(Gen.Int[1, 6].Array[2, 40], Gen.Double[.1, .9], Gen.Int).Sample((sizes, share, seed) =>
    {
        LabelledPair[] pairs = [.. sizes.SelectMany((size, group) => Enumerable.Range(0, size).Select(i => new LabelledPair(1, $"{group}/{i}", $"{group}/{i + 1}")))];
        var first = PairSplit.First(pairs, share, seed);
        var texts = pairs.Index().ToLookup(pair => first.Contains(pair.Index), pair => pair.Item);
        return !Texts(texts[true]).Overlaps(Texts(texts[false])) && Math.Abs(first.Count - (share * pairs.Length)) <= sizes.Max();
    });

    [Fact]
    public void No_pairs_are_divided_into_none() => PairSplit.First([], .5, 1).ShouldBeEmpty();

    private static HashSet<string> Texts(IEnumerable<LabelledPair> pairs) => [.. pairs.SelectMany(pair => new[] { pair.First, pair.Second })];
}
