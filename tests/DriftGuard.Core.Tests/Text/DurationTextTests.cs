using DriftGuard.Core.Text;

namespace DriftGuard.Core.Tests.Text;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("0", "00:00:00")]
    [InlineData("0s", "00:00:00")]
    [InlineData("250ms", "00:00:00.2500000")]
    [InlineData("30s", "00:00:30")]
    [InlineData("5m", "00:05:00")]
    [InlineData("1.5h", "01:30:00")]
    [InlineData("7d", "7.00:00:00")]
    [InlineData("1d 12h", "1.12:00:00")]
    [InlineData("1h30m", "01:30:00")]
    [InlineData("2:30", "02:30:00")]
    [InlineData("7.00:00:00", "7.00:00:00")]
    [InlineData(" 5m ", "00:05:00")]
    public void A_duration_is_read_as_people_write_it(string text, string expected)
    {
        DurationText.TryParse(text, out var duration).ShouldBeTrue();

        duration.ShouldBe(TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("1.5")]
    [InlineData("-5m")]
    [InlineData("5 minutes")]
    [InlineData("5M")]
    [InlineData("5m1h")]
    [InlineData("99999999999d")]
    [InlineData("25:61")]
    public void Anything_else_is_no_duration(string text) => DurationText.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("0s")]
    [InlineData("30s")]
    [InlineData("1h30m")]
    [InlineData("7d")]
    [InlineData("1d2h3m4s5ms")]
    public void What_is_written_is_read_back(string text)
    {
        DurationText.TryParse(text, out var duration).ShouldBeTrue();

        DurationText.Format(duration).ShouldBe(text);
    }
}
