using CsCheck;
using DriftGuard.Embedding.Http;

namespace DriftGuard.Embedding.Tests.Http;

public sealed class RequestPlanTests
{
    [Fact]
    public void Every_text_goes_once_in_order_and_within_both_limits() =>
        Gen.Select(Gen.Int[1, 50].Array[0, 40], Gen.Int[1, 10], Gen.Int[1, 120]).Sample((tokens, mostTexts, mostTokens) =>
        {
            var texts = tokens.Select((t, i) => new PreparedText([], i, "", t, Truncated: false));

            var requests = RequestPlan.Split(texts, mostTexts, mostTokens).ToList();

            requests.SelectMany(r => r).Select(t => t.Index).ShouldBe(Enumerable.Range(0, tokens.Length));
            requests.ShouldAllBe(r => r.Count > 0 && r.Count <= mostTexts && (r.Count == 1 || r.Sum(t => t.Tokens) <= mostTokens));
        });

    [Fact]
    public void Texts_are_taken_no_further_than_requests_are()
    {
        var taken = 0;
        var texts = Enumerable.Range(0, 1000).Select(i =>
        {
            taken++;
            return new PreparedText([], i, "", 1, Truncated: false);
        });

        RequestPlan.Split(texts, 10, 100).First().Count.ShouldBe(10);

        taken.ShouldBe(11);
    }
}
