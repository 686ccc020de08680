using System.Globalization;

namespace DriftGuard.Core.Text;

/// <summary>Shares as people read them.</summary>
public static class PercentText
{
    /// <summary>A share from 0 to 1 as percent, with two decimals where it is small.</summary>
    public static string Format(double share) => (share * 100).ToString(share is > 0 and < .1 ? "0.##" : "0.#", CultureInfo.InvariantCulture) + " %";
}
