using DriftGuard.Core.Rollouts;

namespace DriftGuard.Core.Tests.Rollouts;

public sealed class EpochTokenTests
{
    [Theory]
    [InlineData("docs.e7.abc", 7, "abc")]
    [InlineData("docs.e123.abort", 123, "abort")]
    public void A_token_is_read_from_its_alias(string alias, long epoch, string nonce) =>
        EpochToken.Parse("docs", alias).ShouldBe(new EpochToken("docs", epoch, nonce));

    [Theory]
    [InlineData("docs")]
    [InlineData("docs.e.abc")]
    [InlineData("docs.e7")]
    [InlineData("docs.e7.")]
    [InlineData("docs.e-7.abc")]
    [InlineData("docs.e7.a.b")]
    [InlineData("docs-2.e7.abc")]
    [InlineData("docs.x7.abc")]
    public void Other_aliases_are_no_tokens(string alias) => EpochToken.Parse("docs", alias).ShouldBeNull();

    [Fact]
    public void Each_next_token_has_the_next_epoch_and_a_nonce_of_its_own()
    {
        var token = EpochToken.First("docs");

        var nonces = Enumerable.Range(0, 100).Select(_ => token.Next()).ToList();

        nonces.ShouldAllBe(next => next.Epoch == 2 && EpochToken.Parse("docs", next.AliasName) == next);
        nonces.Select(next => next.Nonce).ShouldBeUnique();
        token.Abort().AliasName.ShouldBe("docs.e2.abort");
    }
}
