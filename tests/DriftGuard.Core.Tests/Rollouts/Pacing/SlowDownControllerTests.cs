using DriftGuard.Core.Rollouts.Pacing;
using Microsoft.Extensions.Time.Testing;

namespace DriftGuard.Core.Tests.Rollouts.Pacing;

public sealed class SlowDownControllerTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 5)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Latencies_that_rise_tenfold_slow_the_copy_down_and_it_recovers_afterwards(int seed)
    {
        var copy = new CopySimulation(callSeconds: .1, streams: 2, loadOfTheCopy: .2, seed);
        copy.Run(TimeSpan.FromMinutes(5)).ShouldAllBe(share => share >= 1, "nothing is slow");

        copy.Trouble = 10;
        var slow = copy.Run(TimeSpan.FromMinutes(5));
        slow[^20..].Average().ShouldBe(.33, tolerance: .1, "in proportion: three times is tolerated, and ten is found");
        copy.Controller.Now.Cause!.ShouldContain("writes to Qdrant take ");

        copy.Trouble = 1;
        copy.Run(TimeSpan.FromMinutes(2))[^20..].ShouldAllBe(share => share >= 1);
        copy.Controller.Now.ShouldBe(Slowdown.None);
    }

    [Theory]
    [InlineData(-30)]
    [InlineData(30)]
    public void A_clock_that_is_set_while_copying_changes_no_pace(int hours)
    {
        var time = new ClockThatIsSet();
        var controller = new SlowDownController(time);
        Batches();
        time.Off = TimeSpan.FromHours(hours);
        Batches();

        controller.Now.ShouldBe(Slowdown.None);
        controller.RestAfter(TimeSpan.FromSeconds(1)).ShouldBe(TimeSpan.Zero);

        void Batches()
        {
            for (var batch = 0; batch < 20; batch++)
            {
                time.Gone += TimeSpan.FromMilliseconds(100);
                controller.Took(PaceSignal.Writes, TimeSpan.FromMilliseconds(100), 16);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_server_that_others_load_is_given_room_without_swinging(int seed)
    {
        var copy = new CopySimulation(callSeconds: .1, streams: 4, loadOfTheCopy: .5, seed);
        copy.Run(TimeSpan.FromMinutes(5));

        // Together more than it can do, unless the copy asks for less.
        copy.LoadOfOthers = .6;
        copy.Run(TimeSpan.FromMinutes(2));
        var settled = copy.Run(TimeSpan.FromMinutes(10));

        settled.Max().ShouldBeLessThan(.95);
        (settled.Max() - settled.Min()).ShouldBeLessThan(.3, $"it settles: between {settled.Min():0.00} and {settled.Max():0.00}");
    }

    [Theory]
    [InlineData(100)]
    [InlineData(10_000)]
    public void It_never_comes_to_a_stand(double trouble)
    {
        var copy = new CopySimulation(callSeconds: .1, streams: 2, loadOfTheCopy: .2, seed: 1);
        copy.Run(TimeSpan.FromMinutes(5));

        copy.Trouble = trouble;
        copy.Run(TimeSpan.FromHours(20)).ShouldAllBe(share => share >= SlowDownController.LeastShare);

        copy.Trouble = 1;
        copy.Run(TimeSpan.FromHours(3));
        copy.Controller.Now.ShouldBe(Slowdown.None);
    }

    [Theory]
    [InlineData(.005, 10)]
    [InlineData(.02, 8)]
    public void A_laptop_whose_own_copy_makes_it_wait_is_not_slowed_down(double callSeconds, double trouble)
    {
        var copy = new CopySimulation(callSeconds, streams: 2, loadOfTheCopy: .2, seed: 1);
        copy.Run(TimeSpan.FromMinutes(1));

        copy.Trouble = trouble;

        copy.Run(TimeSpan.FromMinutes(5)).ShouldAllBe(share => share >= 1);
    }

    [Fact]
    public void A_server_that_has_been_as_slow_for_half_an_hour_is_a_slow_server_and_no_longer_one_in_trouble()
    {
        var copy = new CopySimulation(callSeconds: .1, streams: 2, loadOfTheCopy: .2, seed: 1);
        copy.Run(TimeSpan.FromMinutes(5));

        copy.Trouble = 10;
        copy.Run(TimeSpan.FromMinutes(20))[^1].ShouldBeLessThan(.5);
        copy.Run(TimeSpan.FromMinutes(25));

        copy.Controller.Now.ShouldBe(Slowdown.None);
    }

    [Fact]
    public void Updates_that_queue_up_slow_the_copy_down()
    {
        var (time, controller) = New();
        for (var i = 0; i < 60; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            controller.Saw(new(AtWork: true, Segments: 8, Queued: 400));
        }

        controller.Now.Share.ShouldBe(.25, tolerance: .02);
        controller.Now.Text.ShouldBe("slowed to 25 %: 400 updates of the new collection are queued in Qdrant");
    }

    [Fact]
    public void An_optimiser_at_work_is_left_to_it_unless_segments_multiply_all_the_same()
    {
        var (time, controller) = New();
        for (var i = 0; i < 120; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            controller.Saw(new(AtWork: true, Segments: 10, Queued: null));
        }

        controller.Now.ShouldBe(Slowdown.None);

        for (var i = 0; i < 120; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            controller.Saw(new(AtWork: true, Segments: 40, Queued: null));
        }

        controller.Now.Share.ShouldBe(.5, tolerance: .02);
        controller.Now.Cause.ShouldBe("Qdrant's optimiser falls behind: 40 segments of the new collection, 10 when it began");

        for (var i = 0; i < 120; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            controller.Saw(new(AtWork: false, Segments: 40, Queued: null));
        }

        controller.Now.ShouldBe(Slowdown.None);
    }

    [Fact]
    public void Work_is_under_way_for_the_share_of_the_time()
    {
        var (time, controller) = New();
        controller.RestAfter(TimeSpan.FromSeconds(3)).ShouldBe(TimeSpan.Zero);
        for (var i = 0; i < 120; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            controller.Saw(new(AtWork: false, Segments: 8, Queued: 200));
        }

        controller.RestAfter(TimeSpan.FromSeconds(3)).TotalSeconds.ShouldBe(3, tolerance: .01);
    }

    private static (FakeTimeProvider Time, SlowDownController Controller) New()
    {
        var time = new FakeTimeProvider();
        return (time, new(time));
    }

    /// <summary>The time of day can be set; what waits are measured by goes on.</summary>
    private sealed class ClockThatIsSet : TimeProvider
    {
        public TimeSpan Gone { get; set; }

        public TimeSpan Off { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Gone.Ticks;

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero) + Gone + Off;
    }
}
