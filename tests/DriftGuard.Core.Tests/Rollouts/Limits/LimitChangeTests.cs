using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Limits;

namespace DriftGuard.Core.Tests.Rollouts.Limits;

public sealed class LimitChangeTests
{
    private static readonly RolloutLimits Planned = new() { PointsPerSecond = 500, ConcurrentPartitions = 4, TokensPerMinute = 90_000 };

    [Fact]
    public void What_is_named_changes_null_is_no_limit_and_the_rest_stays()
    {
        var change = LimitChange.Read("""{"pointsPerSecond":null,"concurrentPartitions":1,"money":2.5,"ofALaterVersion":3}""");

        change.Over(Planned).ShouldBe(Planned with { PointsPerSecond = null, ConcurrentPartitions = 1, Money = 2.5 });
        LimitChange.Read(change.ToJson()).Over(Planned).ShouldBe(change.Over(Planned), "its stored form says the same");
    }

    [Theory]
    [InlineData("""{"concurrentPartitions":0}""", 1)]
    [InlineData("""{"concurrentPartitions":-3}""", 1)]
    [InlineData("""{"concurrentPartitions":null}""", 4)]
    public void There_is_always_a_partition_that_is_copied(string json, int partitions) =>
        LimitChange.Read(json).Over(Planned).ConcurrentPartitions.ShouldBe(partitions);

    [Theory]
    [InlineData("pointsPerSecond", 200.0, null)]
    [InlineData("money", null, null)]
    [InlineData("concurrentPartitions", 256.0, null)]
    [InlineData("pointsPerMinute", 1.0, "there is no limit 'pointsPerMinute'; did you mean 'tokensPerMinute'?")]
    [InlineData("speed", 1.0, "there is no limit 'speed'; known are pointsPerSecond, concurrentPartitions, callsPerMinute, tokensPerMinute, money")]
    [InlineData("tokensPerMinute", double.PositiveInfinity, "tokensPerMinute is Infinity: expected a number above 0, or null for no limit")]
    [InlineData("callsPerMinute", 0.0, "callsPerMinute is 0: expected a number above 0, or null for no limit")]
    [InlineData("concurrentPartitions", 1.5, "concurrentPartitions is 1.5: expected a whole number from 1 to 256")]
    public void What_no_limit_can_be_is_said(string name, double? value, string? problem) =>
        new LimitChange(new Dictionary<string, double?>(StringComparer.Ordinal) { [name] = value }).Problem().ShouldBe(problem);

    [Fact]
    public void Requests_are_reduced_to_the_limits_in_force_and_ask_for_nothing_else()
    {
        var requests = RolloutRequests.Reduce(
        [
            new(1, RequestKind.Throttle, "ann", RolloutExample.Start, """{"pointsPerSecond":10,"money":1}"""),
            new(2, RequestKind.Throttle, "bob", RolloutExample.Start.AddMinutes(1), """{"pointsPerSecond":20}"""),
        ]);

        requests.Limits.Over(Planned).ShouldBe(Planned with { PointsPerSecond = 20, Money = 1 });
        (requests.Pause, requests.Abort, requests.Rollback, requests.Resumed).ShouldBe((false, false, false, 0));
    }

    [Fact]
    public void A_retry_leads_to_another_pass_and_ends_no_pause()
    {
        var requests = RolloutRequests.Reduce([new(1, RequestKind.Pause, "ann", RolloutExample.Start), new(2, RequestKind.Retry, "ann", RolloutExample.Start.AddMinutes(1))]);

        (requests.Pause, requests.Resumed, requests.Latest).ShouldBe((true, 2, 2));
    }

    [Fact]
    public void Settings_of_before_there_were_limits_are_read_as_theirs() =>
        new RolloutSettings { PointsPerSecond = 500, ConcurrentPartitions = 4, TokensPerMinute = 90_000 }.Limits.ShouldBe(Planned);
}
