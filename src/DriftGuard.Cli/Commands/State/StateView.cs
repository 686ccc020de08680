using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Backups;
using DriftGuard.Worker.Reports;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.State;

/// <summary>Shows a backup, and what became of restoring one.</summary>
internal static class StateView
{
    public static void Write(IAnsiConsole console, BackupReport report)
    {
        var manifest = report.Manifest;
        console.Say($"[green]whole[/] {report.File}: {manifest.Rows} rows in {report.Bytes} bytes");
        console.Say($"of {manifest.Source} on {manifest.Machine}, as it was at {ReportText.Time(manifest.TakenAt)}");
        console.Say($"schema {manifest.Schema}, written by DriftGuard {manifest.DriftGuardVersion}; lease epoch {manifest.LeaseEpoch}");
        var table = Tables.Create(console, "table", ">rows", "sha-256");
        foreach (var part in manifest.Tables.Where(part => part.Rows > 0))
        {
            table.AddTextRow(part.Name, $"{part.Rows}", part.Sha256[..16]);
        }

        console.Write(table);
    }

    public static void Write(IAnsiConsole console, RestoreReport report)
    {
        var manifest = report.Backup.Manifest;
        if (report.Restored)
        {
            console.Say($"[green]restored[/] {manifest.Rows} rows of {ReportText.Time(manifest.TakenAt)} into {report.State}");
        }
        else
        {
            console.Say($"[yellow]nothing was changed[/]; {manifest.Rows} rows of {ReportText.Time(manifest.TakenAt)} can be restored into {report.State}: say so with --yes");
        }

        if (report.Kept is { } kept)
        {
            console.Say($"what was there before is in {kept}");
        }

        console.Say($"lease epochs go on above {report.LeaseEpoch}");
        foreach (var rollout in report.Rollouts)
        {
            console.Say($"[bold]{rollout.Id}[/] ({rollout.Phase.ToString()}): {rollout.Outlook}");
        }

        foreach (var index in report.Missing)
        {
            console.Say($"[yellow]index {index} has no alias in Qdrant[/]: restore Qdrant as well");
        }

        console.Say($"API keys are those of then: keys that were made since are gone, and keys that were revoked since open again ('driftguard key list')");
    }
}
