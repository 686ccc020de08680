using System.Globalization;

namespace DriftGuard.Core.Gate.Conditions;

/// <summary>Search in green is not much slower than in blue; only judged where a ceiling is configured.</summary>
internal static class Latency
{
    public static GateRow? Judge(GateEvidence evidence)
    {
        var seen = evidence.Latency;
        if (seen.Ceiling is not { } ceiling)
        {
            return null;
        }

        var ratio = seen.GreenP95 / Math.Max(seen.BlueP95, 1e-3);
        var slow = !(ratio <= ceiling);
        return new("latency", slow ? GateVerdict.Fail : GateVerdict.Pass, slow ? GateReason.LatencyHigh : GateReason.LatencyOk,
            string.Create(CultureInfo.InvariantCulture, $"95th percentile {seen.BlueP95:0.00} ms in blue, {seen.GreenP95:0.00} ms in green, ratio {ratio:0.00} (ceiling {ceiling:0.00})"))
        {
            Threshold = string.Create(CultureInfo.InvariantCulture, $"at most {ceiling:0.00} times blue's 95th percentile"),
            Figures = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["blue_p95_ms"] = seen.BlueP95,
                ["green_p95_ms"] = seen.GreenP95,
                ["ceiling"] = ceiling,
            },
        };
    }
}
