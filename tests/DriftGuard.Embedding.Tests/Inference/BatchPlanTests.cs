using DriftGuard.Embedding.Inference;
using DriftGuard.Embedding.Tokenization;

namespace DriftGuard.Embedding.Tests.Inference;

public sealed class BatchPlanTests
{
    [Theory]
    [InlineData(12, new[] { 3, 5, 4, 12, 30 }, new[] { "30", "12", "5 4", "3" })]
    [InlineData(1, new[] { 3, 5, 4 }, new[] { "5", "4", "3" })]
    [InlineData(100, new[] { 3, 5, 4 }, new[] { "5 4 3" })]
    [InlineData(100, new int[0], new string[0])]
    public void Neighbours_in_length_run_together_within_the_budget_longest_first(int tokensPerRun, int[] lengths, string[] batches)
    {
        var texts = lengths.Select((length, i) => new TokenisedText([], i, new(), new(0, length), Truncated: false)).ToArray();

        BatchPlan.Split([texts[..(texts.Length / 2)], texts[(texts.Length / 2)..]], tokensPerRun).Select(b => string.Join(' ', b.Select(t => t.Length))).ShouldBe(batches);
    }
}
