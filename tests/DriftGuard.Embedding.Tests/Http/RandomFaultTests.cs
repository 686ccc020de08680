using CsCheck;
using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Tests.Http;

/// <summary>Whatever a server does: a text has its own vector, or a failure that is its own, or the call throws. Never another text's vector.</summary>
public sealed class RandomFaultTests
{
    private static readonly Fault[] Any =
    [
        Faults.Status(429), Faults.Status(500), Faults.Status(503, retryAfter: "1"), Faults.Gone, Faults.CutOff,
        Faults.Answer(_ => ""), Faults.Answer(_ => "<html>", "text/html"), Faults.Status(413), Faults.Status(400, "no"),
        Faults.Answer(a => Answers.Of(a).Replace("\"index\":1,", "\"index\":0,", StringComparison.Ordinal)),
        Faults.Answer(a => Answers.Of(a).Replace("\"index\":0,", "\"index\":7000,", StringComparison.Ordinal)),
        Faults.Answer(a => Answers.Of(a)[..^20]),
        Faults.Answer(a => Answers.Of(a, vector: t => $"\"{Answers.Base64(Answers.VectorOf(t)[..7])}\"")),
        Faults.Answer(a => Answers.Of(a, vector: t => t.EndsWith('3') ? "[NaN,1,1,1,1,1,1,1]" : Answers.Numbers(Answers.VectorOf(t)))),
        Faults.Answer(a => Answers.Of(a with { Body = new System.Text.Json.Nodes.JsonObject { ["input"] = new System.Text.Json.Nodes.JsonArray([.. a.Texts.Skip(1).Select(t => (System.Text.Json.Nodes.JsonNode)t!)]) } })),
        Faults.Answer(a => Answers.Of(a, model: "another")),
    ];

    [Fact]
    public async Task Each_text_has_its_own_vector_or_its_own_failure_or_the_call_throws()
    {
        await using var server = await MisbehavingServer.StartAsync();
        var (embedded, failed, thrown) = (0, 0, 0);
        await Gen.Select(Gen.Int[1, 60], Gen.Int[1, 13], Gen.Int[1, 4], Gen.Int[0, Any.Length - 1].Array[0, 6], Gen.Int[0, 3])
            .SampleAsync(async (texts, perRequest, concurrency, faults, retries) =>
            {
                using var folder = new HttpModelFolder().Write(
                    server.Url, endpoint: $"max_texts_per_request: {perRequest}\nconcurrency: {concurrency}\nretries: {retries}");
                using var model = folder.Open();
                server.Forget().Then([.. faults.Select(f => Any[f])]);
                var asked = Enumerable.Range(0, texts).Select(i => $"text {i}").ToArray();
                try
                {
                    var outcomes = await model.EmbedAsync(asked, InputKind.Document);
                    outcomes.Count.ShouldBe(texts);
                    for (var i = 0; i < texts; i++)
                    {
                        if (outcomes[i].IsEmbedded)
                            outcomes[i].Vector!.ShouldBe(Answers.Normalised(asked[i]), 1e-6);
                        else
                            outcomes[i].Failure.ShouldNotBeNullOrEmpty();
                    }

                    Interlocked.Add(ref embedded, outcomes.Count(o => o.IsEmbedded));
                    Interlocked.Add(ref failed, outcomes.Count(o => !o.IsEmbedded));
                }
                catch (EmbeddingProviderException)
                {
                    Interlocked.Increment(ref thrown);
                }
            }, iter: 400, threads: 1);

        (embedded > 0 && failed > 0 && thrown > 0).ShouldBeTrue($"{embedded} embedded, {failed} failed, {thrown} calls thrown: a kind was never tried");
    }
}
