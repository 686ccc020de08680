using DriftGuard.Qdrant.Embedded.Wire;
using Grpc.Core;

namespace DriftGuard.Qdrant.Embedded.Tests.Wire;

public sealed class WireWriterTests
{
    [Fact]
    public void An_answer_beyond_the_limit_is_refused_with_what_to_do()
    {
        using var answer = new WireWriter(limit: 5_000);
        answer.Raw(new byte[3_000]);

        var refusal = Should.Throw<RpcException>(() => answer.Raw(new byte[2_001]));

        refusal.Status.ShouldBe(new Status(StatusCode.ResourceExhausted, "the answer is larger than 1 GiB; ask for fewer points"));
        answer.Raw(new byte[2_000]);
        answer.Length.ShouldBe(5_000);
    }
}
