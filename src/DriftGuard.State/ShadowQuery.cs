using System.Security.Cryptography;
using System.Text;
using DriftGuard.Core.Retrieval;
using DriftGuard.Core.Rollouts.Shadow;

namespace DriftGuard.State;

/// <summary>A query that both collections of a rollout answered.</summary>
public sealed record ShadowQuery
{
    /// <summary>What tells it from others, see <see cref="KeyOf"/>.</summary>
    public required string Key { get; init; }

    /// <summary>Its text; null where texts are not kept.</summary>
    public string? Text { get; init; }

    /// <summary>How much of the two answers is the same, from 0 to 1.</summary>
    public required double Overlap { get; init; }

    /// <summary>The score of green's first result less that of blue's; null where one found nothing.</summary>
    public double? TopShift { get; init; }

    /// <summary>The same of the means of what was compared.</summary>
    public double? MeanShift { get; init; }

    /// <summary>When it was answered last.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How often it was answered while it was kept.</summary>
    public long Seen { get; init; } = 1;

    /// <summary>What blue answered last, best first.</summary>
    public required IReadOnlyList<AnsweredPoint> Blue { get; init; }

    /// <summary>What green answered last, best first.</summary>
    public required IReadOnlyList<AnsweredPoint> Green { get; init; }

    /// <summary>Its vector under the old model, as <see cref="VectorBlob"/> writes it; null where its text is kept.</summary>
    public byte[]? BlueVector { get; init; }

    /// <summary>Its vector under the new model, as <see cref="VectorBlob"/> writes it; null where its text is kept.</summary>
    public byte[]? GreenVector { get; init; }

    /// <summary>The key of a query: SHA-256 of its text, in 64 hexadecimal digits.</summary>
    public static string KeyOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>This query, answered after an earlier time that is on record.</summary>
    public ShadowQuery After(ShadowQuery earlier) => this with { Seen = Seen + earlier.Seen };
}

/// <summary>What all gateways counted for a rollout.</summary>
/// <param name="Figures">All of it together.</param>
/// <param name="Gateways">How many gateways counted.</param>
/// <param name="Since">The first minute.</param>
/// <param name="Until">The last minute.</param>
public sealed record ShadowTotals(ShadowFigures Figures, int Gateways, DateTimeOffset Since, DateTimeOffset Until);
