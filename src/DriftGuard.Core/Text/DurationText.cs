using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DriftGuard.Core.Text;

/// <summary>Durations as people write them: <c>30s</c>, <c>5m</c>, <c>1h30m</c>, <c>7d</c>, or <c>7.00:00:00</c>.</summary>
public static partial class DurationText
{
    /// <summary>More than any duration takes, and little enough for a pattern that may look at a character several times.</summary>
    private const int LongestText = 100;

    /// <summary>Reads a duration.</summary>
    /// <param name="text">The text.</param>
    /// <param name="duration">The duration; zero where the text is none.</param>
    /// <returns>Whether the text is a duration. A number without a unit is not, except 0.</returns>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        text = text.Trim();
        if (text == "0")
        {
            return true;
        }

        if (text.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParseExact(text, ["c", @"h\:mm", @"hh\:mm"], CultureInfo.InvariantCulture, out duration);
        }

        if (text.Length > LongestText || Units().Match(text) is not { Success: true } match)
        {
            return false;
        }

        try
        {
            duration = Part(match, "d", TimeSpan.FromDays) + Part(match, "h", TimeSpan.FromHours) + Part(match, "m", TimeSpan.FromMinutes)
                + Part(match, "s", TimeSpan.FromSeconds) + Part(match, "ms", TimeSpan.FromMilliseconds);
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    /// <summary>Writes a duration in the form that <see cref="TryParse"/> reads, such as <c>1d12h</c>.</summary>
    /// <param name="duration">A duration that is not negative.</param>
    /// <returns>The text, exact to the millisecond.</returns>
    public static string Format(TimeSpan duration)
    {
        var text = new StringBuilder();
        Append(duration.Days, "d");
        Append(duration.Hours, "h");
        Append(duration.Minutes, "m");
        Append(duration.Seconds, "s");
        Append(duration.Milliseconds, "ms");
        return text.Length == 0 ? "0s" : text.ToString();

        void Append(int count, string unit)
        {
            if (count != 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
            }
        }
    }

    private static TimeSpan Part(Match match, string unit, Func<double, TimeSpan> from) =>
        match.Groups[unit].Success
            ? from(double.Parse(match.Groups[unit].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture))
            : TimeSpan.Zero;

    // No timeout: the text is short, and a process may stand still for longer than any pattern takes, on a machine that is short of time.
    [GeneratedRegex(
        @"^(?=.)((?<d>\d+(\.\d+)?)d)?\s*((?<h>\d+(\.\d+)?)h)?\s*((?<m>\d+(\.\d+)?)m)?\s*((?<s>\d+(\.\d+)?)s)?\s*((?<ms>\d+(\.\d+)?)ms)?$",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: -1)]
    private static partial Regex Units();
}
