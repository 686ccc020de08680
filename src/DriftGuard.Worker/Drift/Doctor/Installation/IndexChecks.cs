using System.Globalization;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Text;
using DriftGuard.Embedding;
using DriftGuard.Embedding.Pinning;
using DriftGuard.Worker.Hosting;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Reports;

namespace DriftGuard.Worker.Drift.Doctor.Installation;

/// <summary>Each enrolled index: how it is served, and what checks for drift know of it.</summary>
internal sealed class IndexChecks(Engine engine, TimeProvider time)
{
    /// <summary>A check for drift that is older than this is worth a word.</summary>
    private static readonly TimeSpan Old = TimeSpan.FromDays(2);

    public async Task<IReadOnlyList<InstallationCheck>> AllAsync(CancellationToken cancellation)
    {
        var checks = new List<InstallationCheck>();
        foreach (var definition in await engine.Installation.State.ListIndexesAsync(cancellation))
        {
            checks.AddRange(await OfAsync(definition.Name, cancellation));
        }

        return checks.Count > 0 ? checks : [new("indexes", CheckOutcome.Ok, "none yet; create one with 'driftguard index create'")];
    }

    private async Task<IReadOnlyList<InstallationCheck>> OfAsync(string index, CancellationToken cancellation)
    {
        ServingIndex serving;
        try
        {
            serving = await engine.Indexes.ShowAsync(index, cancellation);
        }
        catch (OperatorException problem)
        {
            return [new($"index {index}", CheckOutcome.Fail, problem.Message, $"'driftguard drift check {index} --detector schema' says since when"), await DriftAsync(index, cancellation)];
        }

        return [Served(serving), .. await BridgeAsync(serving, cancellation), await DriftAsync(index, cancellation), await BaselineAsync(index, serving.Fingerprint, cancellation), await QueriesAsync(index, cancellation)];
    }

    private async Task<IReadOnlyList<InstallationCheck>> BridgeAsync(ServingIndex serving, CancellationToken cancellation)
    {
        var index = serving.Definition.Name;
        return (await engine.Bridges.ListAsync(index, cancellation)).FirstOrDefault(bridge => bridge.InUse)?.Report is not { } bridge ? []
            : [new($"index {index}, bridge", CheckOutcome.Warn, $"queries of {bridge.Model} search vectors of {bridge.OldModel} over {bridge.Id} until {ReportText.Time(bridge.Until)} at most", $"driftguard rollout start {index} --to {bridge.Model}")];
    }

    private InstallationCheck Served(ServingIndex serving)
    {
        var subject = $"index {serving.Definition.Name}";
        var what = string.Create(CultureInfo.InvariantCulture, $"alias and token point to {serving.Collection}, {serving.State.PointsCount:N0} points, epoch {serving.Token.Epoch}");
        if (serving.Model is not { } model)
        {
            return new(subject, CheckOutcome.Warn, $"{what}; it does not say which model made it", $"'driftguard doctor {serving.Definition.Name}' finds out");
        }

        try
        {
            var found = engine.Installation.Models.Get(model, serving.Fingerprint);
            return new(subject, CheckOutcome.Ok, $"{what}, model {model} {found.Fingerprint.Short} is here");
        }
        catch (Exception problem) when (problem is OperatorException or ModelException or PinningException)
        {
            return new(subject, CheckOutcome.Fail, $"{what}; {problem.Message}", "bring the model back: without it nothing can be embedded for this index");
        }
    }

    private async Task<InstallationCheck> DriftAsync(string index, CancellationToken cancellation)
    {
        var subject = $"index {index}, drift";
        if (await engine.Installation.State.LatestDriftReportAsync(index, cancellation) is not { } report)
        {
            return new(subject, CheckOutcome.Warn, "it was never checked", $"driftguard drift check {index}");
        }

        var ago = time.GetUtcNow() - report.At;
        var what = string.Create(CultureInfo.InvariantCulture, $"last check {Ago(ago)} ago: {report.Verdict}, {report.Cause}");
        var confirmed = report.Verdict == DriftJson.Word(DriftVerdict.Confirmed) || report.Verdict == DriftJson.Word(DriftVerdict.Failed);
        return confirmed ? new(subject, CheckOutcome.Fail, what, $"driftguard drift explain {index}")
            : report.Verdict == DriftJson.Word(DriftVerdict.Suspected) ? new(subject, CheckOutcome.Warn, what, $"driftguard drift explain {index}")
            : ago > Old ? new(subject, CheckOutcome.Warn, what, $"run 'driftguard serve' with drift.enabled, or 'driftguard drift check {index}'")
            : new(subject, CheckOutcome.Ok, what);
    }

    private async Task<InstallationCheck> BaselineAsync(string index, string? fingerprint, CancellationToken cancellation) =>
        (await engine.Installation.State.ListDriftBaselinesAsync(index, cancellation)).FirstOrDefault(baseline => baseline.Fingerprint == fingerprint) is { } newest
            ? new($"index {index}, baseline", CheckOutcome.Ok, $"taken {Ago(time.GetUtcNow() - newest.At)} ago ({newest.Kind})")
            : new($"index {index}, baseline", CheckOutcome.Warn, "there is none under its model: nothing to compare retrieval and data with", $"driftguard drift baseline {index}");

    private async Task<InstallationCheck> QueriesAsync(string index, CancellationToken cancellation)
    {
        var days = await engine.Installation.State.QueryDaysAsync(index, cancellation);
        return days.Count > 0
            ? new($"index {index}, queries", CheckOutcome.Ok, string.Create(CultureInfo.InvariantCulture, $"{days.Sum(day => (long)day.Kept):N0} kept of {days.Count} day(s)"))
            : new($"index {index}, queries", CheckOutcome.Warn, "none were observed: what users ask is not checked", $"driftguard drift import {index} FILE");
    }

    private static string Ago(TimeSpan ago) => DurationText.Format(TimeSpan.FromMinutes(Math.Max(1, Math.Round(ago.TotalMinutes))));
}
