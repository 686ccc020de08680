namespace DriftGuard.Embedding.Tests;

[ShouldlyMethods]
internal static class OutcomeAssertions
{
    /// <summary>Equal in every figure, and the vectors bit by bit.</summary>
    public static void ShouldBeSameOutcomeAs(this EmbeddingOutcome outcome, EmbeddingOutcome expected)
    {
        outcome.Failure.ShouldBe(expected.Failure);
        outcome.Tokens.ShouldBe(expected.Tokens);
        outcome.Truncated.ShouldBe(expected.Truncated);
        (outcome.Vector ?? []).Select(BitConverter.SingleToInt32Bits).ShouldBe((expected.Vector ?? []).Select(BitConverter.SingleToInt32Bits));
    }
}
