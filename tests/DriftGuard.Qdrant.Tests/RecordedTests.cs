using DriftGuard.Qdrant.Tests.Server;
using Grpc.Core;

namespace DriftGuard.Qdrant.Tests;

/// <summary>The client against what real servers of both ends of the supported range said.</summary>
public class RecordedTests
{
    public static TheoryData<string, string, int> Conversations()
    {
        var data = new TheoryData<string, string, int>();
        foreach (var version in new[] { "1.16.3", "1.18.3" })
        {
            foreach (var (name, performedSteps) in new[]
                     {
                         ("health", 1), ("collections", 30), ("aliases", 36), ("protocol", 27), ("points", 36), ("modes", 30), ("scroll", 19), ("query", 10),
                     })
            {
                data.Add(version, name, performedSteps);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Conversations))]
    public async Task What_a_real_server_was_asked_and_said_is_what_the_client_asks_and_understands(string version, string name, int performedSteps)
    {
        var steps = RecordedConversation.Read(version, name);
        RecordedStep? current = null;
        await using var server = await ScriptedServer.StartAsync(_ =>
            current!.Code == StatusCode.OK ? Answer.Ok(current.Response) : Answer.Fail(current.Code, current.Message));
        using var store = server.Connect();

        var performed = 0;
        foreach (var step in steps)
        {
            if (RecordedActs.Of(step) is not { } act)
                continue;
            current = step;
            performed++;
            await ActAsync(act, store, step);
            var call = server.Calls[^1];
            call.Method.ShouldBe(step.Method);
            RecordedRequests.Comparable(step.Method, call.Request)
                .ShouldBe(RecordedRequests.Comparable(step.Method, step.Request), $"{step.Method} {step.Note}");
        }
        performed.ShouldBe(performedSteps);
    }

    private static async Task ActAsync(Func<QdrantStore, Task> act, QdrantStore store, RecordedStep step)
    {
        // A missing collection is an answer of the client, not a failure.
        if (step.Code == StatusCode.OK || step.Method == "Collections/Get")
        {
            await act(store);
            return;
        }
        var failure = await Should.ThrowAsync<QdrantException>(() => act(store), $"{step.Method} {step.Note}");
        failure.Kind.ShouldBe(step.Code switch
        {
            StatusCode.NotFound => QdrantFailure.NotFound,
            StatusCode.AlreadyExists => QdrantFailure.AlreadyExists,
            StatusCode.InvalidArgument => QdrantFailure.InvalidArgument,
            StatusCode.Unimplemented => QdrantFailure.Unimplemented,
            _ => throw new InvalidOperationException($"no expectation for {step.Code}"),
        });
        failure.OutcomeUnknown.ShouldBeFalse();
        (failure is AliasNotFoundException).ShouldBe(step.Message.Contains("Alias", StringComparison.Ordinal) && step.Method == "Collections/UpdateAliases");
    }
}
