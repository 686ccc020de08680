using System.Text.Json;
using DriftGuard.Core.Gate;
using DriftGuard.Core.Rollouts;
using DriftGuard.State;
using DriftGuard.Worker.Evaluation;

namespace DriftGuard.Worker.Telemetry.Watching;

/// <summary>The rows of gates, out of stored evaluations. One is parsed once: it does not change, and holds every query.</summary>
internal sealed class GateRows(StateStore state)
{
    private const string Gate = "gate";

    private readonly Dictionary<string, (string Evaluation, GateReport? Report)> _read = new(StringComparer.Ordinal);

    /// <summary>The rows of a rollout's latest evaluation of the gate; none where it is gone. What has cut over was approved.</summary>
    public async Task<IReadOnlyList<GateRow>> ReadAsync(Rollout rollout, CancellationToken cancellation)
    {
        var report = rollout.Gate is { } gate ? await ReportAsync(rollout.Index, gate.EvaluationId, cancellation) : null;
        return (rollout.CutOverAt is { } at ? report?.Approved("", at) : report)?.Rows ?? [];
    }

    private async Task<GateReport?> ReportAsync(string index, string evaluation, CancellationToken cancellation)
    {
        if (_read.TryGetValue(index, out var read) && read.Evaluation == evaluation)
        {
            return read.Report;
        }

        GateReport? report = null;
        if (await state.FindEvaluationAsync(evaluation, cancellation) is { } stored)
        {
            using var whole = JsonDocument.Parse(stored.Json);
            report = whole.RootElement.TryGetProperty(Gate, out var gate) ? gate.Deserialize<GateReport>(EvaluationJson.Options) : null;
        }

        _read[index] = (evaluation, report);
        return report;
    }
}
