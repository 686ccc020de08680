using System.Globalization;
using DriftGuard.Core.Text;

namespace DriftGuard.Worker.Reports;

/// <summary>Figures of reports as people read them, the same on the terminal and on pages.</summary>
public static class ReportText
{
    /// <summary>A number with as many digits as mean something; '-' for none.</summary>
    public static string Figure(double? value) => value is not { } number ? "-"
        : number == Math.Floor(number) && Math.Abs(number) < 1e9 ? number.ToString("N0", CultureInfo.InvariantCulture)
        : number.ToString(Math.Abs(number) < .001 ? "0.0e+0" : "0.####", CultureInfo.InvariantCulture);

    /// <summary>A difference with its sign, such as <c>+0.0123</c>.</summary>
    public static string Difference(double value) => value.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture);

    /// <summary>A share from 0 to 1 as percent.</summary>
    public static string Percent(double share) => PercentText.Format(share);

    /// <summary>A time in UTC; '-' for none.</summary>
    public static string Time(DateTimeOffset? at) => at?.ToString("u", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>A count.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A fingerprint as people compare it; '-' for none.</summary>
    public static string Fingerprint(string? fingerprint) => fingerprint is null ? "-" : fingerprint[..Math.Min(8, fingerprint.Length)];
}
