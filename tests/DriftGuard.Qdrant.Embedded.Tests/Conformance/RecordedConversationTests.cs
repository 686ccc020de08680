using Grpc.Core;
using Grpc.Net.Client;

namespace DriftGuard.Qdrant.Embedded.Tests.Conformance;

/// <summary>
/// The server answers as Qdrant 1.18.3 did: every recorded request, byte for byte, and its status and answer. Against a real server when
/// DRIFTGUARD_QDRANT_ADDRESS names one; it must be empty.
/// </summary>
public sealed class RecordedConversationTests
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    public static TheoryData<string> Conversations => new(Recording.Names());

    [Fact]
    public void All_recordings_are_there()
    {
        var steps = Recording.Names().Select(name => Recording.Load(name).Count).ToArray();

        (steps.Length, steps.Sum()).ShouldBe((15, 1_061));
    }

    [Theory]
    [MemberData(nameof(Conversations))]
    public async Task Every_step_is_answered_as_recorded(string conversation)
    {
        await using var server = await StartUnlessReal();
        using var channel = GrpcChannel.ForAddress(server?.Address.ToString() ?? RealAddress!);
        var steps = Recording.Load(conversation);
        for (var i = 0; i < steps.Count; i++)
        {
            var difference = await Replay(channel.CreateCallInvoker(), steps[i]);
            difference.ShouldBeNull($"{conversation}, step {i}: {steps[i].Method} {Shortened(steps[i].RequestJson)}");
        }
    }

    /// <summary>An empty variable is what build systems make of one that nobody set.</summary>
    private static string? RealAddress =>
        Environment.GetEnvironmentVariable("DRIFTGUARD_QDRANT_ADDRESS") is { Length: > 0 } address ? address : null;

    private static async Task<TestServer?> StartUnlessReal() =>
        RealAddress is null ? await TestServer.StartAsync() : null;

    private static async Task<string?> Replay(CallInvoker invoker, RecordedStep step)
    {
        var parts = step.Method.Split('/');
        var method = new Method<byte[], byte[]>(MethodType.Unary, parts[1], parts[2], Bytes, Bytes);
        try
        {
            using var call = invoker.AsyncUnaryCall(method, host: null, new CallOptions(deadline: DateTime.UtcNow.AddSeconds(30)), step.Request);
            var response = await call.ResponseAsync;
            return step.Response is null
                ? $"expected {step.Code} \"{step.Message}\", found an answer: {Answers.Parse(step.Method, response)}"
                : AnswerComparison.Difference(Answers.Parse(step.Method, step.Response), Answers.Parse(step.Method, response));
        }
        catch (RpcException refusal)
        {
            var code = refusal.StatusCode.ToString().ToUpperInvariant();
            return string.Equals(code, step.Code, StringComparison.Ordinal) && string.Equals(refusal.Status.Detail, step.Message, StringComparison.Ordinal)
                ? null
                : $"expected {step.Code} \"{step.Message}\", found {code} \"{refusal.Status.Detail}\"";
        }
    }

    private static string Shortened(string text) => text.Length > 600 ? $"{text[..600]}…" : text;
}
