using DriftGuard.Qdrant.Tests.Server;
using Grpc.Core;
using Qdrant.Client.Grpc;
using static DriftGuard.Qdrant.WireForms;

namespace DriftGuard.Qdrant.Tests;

/// <summary>What is sent again, and what never is.</summary>
public class RepeatTests
{
    private static readonly PointStruct Point = NewPoint(PointId.FromNumber(1), [1f, 0f]);
    private static readonly Answer Counted = Answer.Ok(new CountResponse { Result = new CountResult { Count = 3 } });
    private static readonly Answer Written = Answer.Ok(new PointsOperationResponse
    {
        Result = new UpdateResult { OperationId = 9, Status = UpdateStatus.Completed },
    });

    private static readonly Answer Changed = Answer.Ok(new CollectionOperationResponse { Result = true });

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.ResourceExhausted)]
    public async Task A_read_is_repeated_until_Qdrant_is_back(StatusCode code)
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Fail(code), Answer.Fail(code), Counted);
        using var store = server.Connect();
        (await store.CountAsync("docs")).ShouldBe(3ul);
        server.Calls.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_read_is_repeated_when_the_connection_is_cut()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Cut, Answer.CutInside, Counted);
        using var store = server.Connect();
        (await store.CountAsync("docs")).ShouldBe(3ul);
        server.Calls.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Repeats_end_and_the_failure_says_how_many_there_were()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Fail(StatusCode.Unavailable));
        using var store = server.Connect(options => options.RetryAttempts = 2);
        var failure = await Should.ThrowAsync<QdrantException>(() => store.CountAsync("docs"));
        failure.Kind.ShouldBe(QdrantFailure.Unreachable);
        failure.Message.ShouldContain("after 3 attempts");
        failure.OutcomeUnknown.ShouldBeFalse();
        server.Calls.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.DeadlineExceeded)]
    public async Task A_refusal_is_not_repeated(StatusCode code)
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Fail(code));
        using var store = server.Connect();
        await Should.ThrowAsync<QdrantException>(() => store.CountAsync("docs"));
        server.Calls.Count.ShouldBe(1);
    }

    public static TheoryData<string, Func<QdrantStore, Task>> SafeWrites() => new()
    {
        { "upsert", store => store.UpsertAsync("docs", [Point]) },
        { "upsert declared repeatable", store => store.UpsertAsync("docs", [Point], new UpsertOptions { UpdateFilter = StampFilters.Nothing(), Repeatable = true }) },
        { "delete by id", store => store.DeleteAsync("docs", PointSelection.Of(PointId.FromNumber(1))) },
        { "payload by id", store => store.SetPayloadAsync("docs", PointSelection.Of(PointId.FromNumber(1)), []) },
        { "vectors by id", store => store.UpdateVectorsAsync("docs", [NewPointVectors(PointId.FromNumber(1), [1f])]) },
    };

    [Theory]
    [MemberData(nameof(SafeWrites))]
    public async Task A_write_of_which_a_repeat_leaves_the_same_is_repeated(string name, Func<QdrantStore, Task> write)
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Fail(StatusCode.Unavailable), Answer.Cut, Written);
        using var store = server.Connect();
        await write(store);
        server.Calls.Count.ShouldBe(3, name);
    }

    public static TheoryData<string, Func<QdrantStore, Task>> UnsafeWrites() => new()
    {
        { "alias change", store => store.ChangeAliasesAsync([new AliasChange.Create("docs", "docs-1")]) },
        { "create collection", store => store.CreateCollectionAsync("docs-1", CollectionSchema.Of(2, Distance.Dot)) },
        { "conditional upsert", store => store.UpsertAsync("docs", [Point], new UpsertOptions { UpdateFilter = StampFilters.Nothing() }) },
        { "insert only", store => store.UpsertAsync("docs", [Point], new UpsertOptions { Mode = UpdateMode.InsertOnly }) },
        { "delete by filter", store => store.DeleteAsync("docs", PointSelection.Where(StampFilters.Pending("n"))) },
        { "payload by filter", store => store.OverwritePayloadAsync("docs", PointSelection.Where(StampFilters.Pending("n")), []) },
        { "conditional vectors", store => store.UpdateVectorsAsync("docs", [NewPointVectors(PointId.FromNumber(1), [1f])], updateFilter: StampFilters.Pending("n")) },
    };

    [Theory]
    [MemberData(nameof(UnsafeWrites))]
    public async Task An_alias_change_and_a_conditional_write_are_never_repeated(string name, Func<QdrantStore, Task> write)
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Fail(StatusCode.Unavailable), Written);
        using var store = server.Connect();
        var failure = await Should.ThrowAsync<QdrantException>(() => write(store));
        failure.OutcomeUnknown.ShouldBeTrue(name);
        failure.Message.ShouldContain("may still happen");
        server.Calls.Count.ShouldBe(1, name);
    }

    [Theory]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.Cancelled)]
    [InlineData(StatusCode.Unknown)]
    [InlineData(StatusCode.Aborted)]
    public async Task A_write_whose_answer_is_no_refusal_has_an_unknown_outcome(StatusCode code)
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Fail(code));
        using var store = server.Connect();
        (await Should.ThrowAsync<QdrantException>(() => store.UpsertAsync("docs", [Point]))).OutcomeUnknown.ShouldBeTrue();
        (await Should.ThrowAsync<QdrantException>(() => store.ChangeAliasesAsync([new AliasChange.Delete("docs")]))).OutcomeUnknown.ShouldBeTrue();
        (await Should.ThrowAsync<QdrantException>(() => store.CountAsync("docs"))).OutcomeUnknown.ShouldBeFalse();
    }

    [Fact]
    public async Task A_refusal_after_an_ambiguous_attempt_leaves_the_outcome_unknown()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Fail(StatusCode.Unavailable), Answer.Fail(StatusCode.InvalidArgument));
        using var store = server.Connect();
        var failure = await Should.ThrowAsync<QdrantException>(() => store.UpsertAsync("docs", [Point]));
        failure.Kind.ShouldBe(QdrantFailure.InvalidArgument);
        failure.OutcomeUnknown.ShouldBeTrue();
    }

    [Theory]
    [InlineData(UpdateStatus.Acknowledged)]
    [InlineData(UpdateStatus.WaitTimeout)]
    [InlineData(UpdateStatus.ClockRejected)]
    public async Task A_write_that_is_accepted_but_not_completed_has_an_unknown_outcome(UpdateStatus status)
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Ok(new PointsOperationResponse { Result = new UpdateResult { Status = status } }));
        using var store = server.Connect();
        var failure = await Should.ThrowAsync<QdrantException>(() => store.UpsertAsync("docs", [Point]));
        failure.OutcomeUnknown.ShouldBeTrue();
        failure.Message.ShouldContain($"answered {status}, expected Completed");
    }

    [Fact]
    public async Task A_silent_server_ends_at_the_deadline_with_an_unknown_outcome()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Silence);
        using var store = server.Connect(options => options.WriteTimeout = TimeSpan.FromSeconds(1));
        var failure = await Should.ThrowAsync<QdrantException>(() => store.UpsertAsync("docs", [Point]));
        failure.Kind.ShouldBe(QdrantFailure.Timeout);
        failure.OutcomeUnknown.ShouldBeTrue();
        server.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_caller_that_gives_up_gets_its_own_cancellation_and_no_repeat()
    {
        using var gaveUp = new CancellationTokenSource();
        await using var server = await ScriptedServer.StartAsync(_ =>
        {
            gaveUp.Cancel();
            return Answer.Silence;
        });
        using var store = server.Connect();
        await Should.ThrowAsync<OperationCanceledException>(() => store.UpsertAsync("docs", [Point], cancellationToken: gaveUp.Token));
        server.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_rate_limit_is_waited_for_no_longer_than_allowed()
    {
        // The server asks for an hour; the longest delay here is 2 ms.
        await using var server = await ScriptedServer.StartAsync(Answer.Fail(StatusCode.ResourceExhausted, "rate limit", ("retry-after", "3600")), Counted);
        using var store = server.Connect();
        (await store.CountAsync("docs")).ShouldBe(3ul);
    }

    [Fact]
    public async Task A_change_of_metadata_and_of_the_indexing_threshold_is_repeated()
    {
        await using var server = await ScriptedServer.StartAsync(Answer.Fail(StatusCode.Unavailable), Changed, Answer.Fail(StatusCode.Unavailable), Changed);
        using var store = server.Connect();
        await store.SetMetadataAsync("docs-1", new Dictionary<string, string?>(StringComparer.Ordinal) { ["driftguard.fp"] = "aa", ["old"] = null });
        await store.SetIndexingThresholdAsync("docs-1", 10_000);
        var sent = UpdateCollection.Parser.ParseFrom(server.Calls[1].Request);
        sent.Metadata["driftguard.fp"].StringValue.ShouldBe("aa");
        sent.Metadata["old"].KindCase.ShouldBe(Value.KindOneofCase.NullValue);
        UpdateCollection.Parser.ParseFrom(server.Calls[3].Request).OptimizersConfig.IndexingThreshold.ShouldBe(10_000ul);
    }
}
