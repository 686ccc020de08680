using DriftGuard.Worker.Rollouts.Copying;

namespace DriftGuard.Worker.Tests.Rollouts;

public sealed class CopyRateTests
{
    [Theory]
    [InlineData(.5)]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(15)]
    [InlineData(25)]
    [InlineData(500)]
    [InlineData(12_345)]
    public void Fills_add_up_to_the_limit_and_come_no_more_than_ten_times_a_second(double limit)
    {
        var (points, period) = CopyRate.Fill(limit);

        (points / period.TotalSeconds).ShouldBe(limit, limit * 1e-5);
        period.TotalSeconds.ShouldBeGreaterThanOrEqualTo(.0999);
    }
}
