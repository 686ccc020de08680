using System.Text.Json;
using DriftGuard.Core.Retrieval.Bridges;
using DriftGuard.State;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Reports;

namespace DriftGuard.Worker.Bridges;

/// <summary>Why a bridge ended, as the audit log has it.</summary>
internal static class BridgeEnd
{
    /// <summary>Somebody ended it.</summary>
    public const string Requested = "ended";

    /// <summary>Another collection serves, as after a cutover.</summary>
    public const string CutOver = "cut_over";

    /// <summary>Its time is over.</summary>
    public const string Expired = "expired";
}

/// <summary>Keeps bridges: the report as JSON, and of one that serves the numbers of its map.</summary>
internal sealed class BridgeStore(StateStore state)
{
    /// <summary>Stores a bridge; one that serves is in use from then on, in place of the one before it.</summary>
    public Task AddAsync(BridgeReport report, AffineMap map, CancellationToken cancellation)
    {
        var serves = report.Verdict == BridgeVerdict.Serves;
        return state.AddBridgeAsync(
            new(report.Id, report.Index, report.Fingerprint, report.At, null, serves, JsonSerializer.Serialize(report, EvaluationJson.Options)),
            serves ? Bridge.Write(map) : null,
            JsonNamingPolicy.SnakeCaseLower.ConvertName(report.Verdict.ToString()),
            serves ? $"queries of {report.Model} search {report.Collection} of {report.OldModel} over bridge {report.Id} until {ReportText.Time(report.Until)}" : $"bridge {report.Id} does not serve: {report.Decision.Sentence}",
            cancellation);
    }

    /// <summary>Ends a bridge, unless it has ended.</summary>
    /// <returns>Whether this call ended it.</returns>
    public Task<bool> EndAsync(BridgeReport report, string reason, DateTimeOffset at, CancellationToken cancellation) => state.EndBridgeAsync(
        report.Id, at, reason,
        reason switch
        {
            BridgeEnd.CutOver => $"bridge {report.Id} has ended: another collection than {report.Collection} serves",
            BridgeEnd.Expired => $"bridge {report.Id} has ended: it was to serve until {ReportText.Time(report.Until)}",
            _ => $"bridge {report.Id} was ended",
        },
        cancellation);

    /// <summary>The reports of the bridges in use.</summary>
    public async Task<IReadOnlyList<BridgeReport>> InUseAsync(CancellationToken cancellation) => [.. (await state.BridgesInUseAsync(cancellation)).Select(Read)];

    /// <summary>The bridges of an index, newest first; whether one that has not ended is in use, the caller finds out.</summary>
    public async Task<IReadOnlyList<BridgeState>> ListAsync(string index, CancellationToken cancellation) =>
        [.. (await state.ListBridgesAsync(index, cancellation)).Select(stored => new BridgeState(Read(stored), stored is { Serves: true, EndedAt: null }, stored.EndedAt))];

    /// <summary>A bridge with its map.</summary>
    /// <exception cref="StateException">The map is not there, or not the one that was stored.</exception>
    public async Task<Bridge> LoadAsync(BridgeReport report, CancellationToken cancellation) =>
        Bridge.Read(report, await state.FindBridgeMapAsync(report.Id, cancellation) ?? throw new StateException($"the map of bridge {report.Id} is missing"));

    private static BridgeReport Read(StoredBridge stored) =>
        JsonSerializer.Deserialize<BridgeReport>(stored.Json, EvaluationJson.Options) ?? throw new StateException($"the stored bridge {stored.Id} is empty");
}
