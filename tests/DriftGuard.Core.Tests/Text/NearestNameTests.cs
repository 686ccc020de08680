using DriftGuard.Core.Text;

namespace DriftGuard.Core.Tests.Text;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("rolout", "rollout")]
    [InlineData("batch_size", "batchSize")]
    [InlineData("BATCHSIZE", "batchSize")]
    [InlineData("hhtp", "http")]
    [InlineData("batch", "batchSize")]
    [InlineData("colour", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void A_slip_is_understood_and_a_guess_is_not_made(string written, string? meant) =>
        NearestName.Find(written, ["rollout", "batchSize", "http"]).ShouldBe(meant);

    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "acb", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ca", "abc", 3)]
    public void The_distance_counts_inserts_deletes_replacements_and_swaps(string a, string b, int distance)
    {
        NearestName.Distance(a, b).ShouldBe(distance);
        NearestName.Distance(b, a).ShouldBe(distance);
    }
}
