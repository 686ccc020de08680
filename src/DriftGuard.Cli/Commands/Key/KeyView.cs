using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Access;
using DriftGuard.Worker.Reports;
using DriftGuard.Worker.Security;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Key;

/// <summary>API keys as commands show them.</summary>
internal static class KeyView
{
    public static void WriteNew(IAnsiConsole console, NewKey made)
    {
        console.Say($"{made.Text}");
        console.Say($"[grey]key {made.Key.Name} ({made.Key.Id}): {made.Key.Grants.ToString()}; {Expiry(made.Key)}. It is kept nowhere: this is the only time it is shown[/]");
    }

    public static void Write(IAnsiConsole console, IReadOnlyList<ApiKey> keys, DateTimeOffset now)
    {
        if (keys.Count == 0)
        {
            console.Say($"no API keys; make one with: driftguard key create NAME --role viewer");
            return;
        }

        var table = Tables.Create(console, "key", "name", "may", "last used", "from", "state");
        foreach (var key in keys)
        {
            table.AddTextRow(
                key.Id, key.Name, key.Grants.ToString(), key.LastUsedAt is { } used ? ReportText.Time(used) : "never", key.LastUsedFrom ?? "-",
                key.RevokedAt is { } revoked ? $"revoked {ReportText.Time(revoked)}" : key.IsValidAt(now) ? Expiry(key) : "expired");
        }

        console.Write(table);
    }

    private static string Expiry(ApiKey key) => key.ExpiresAt is { } end ? string.Create(CultureInfo.InvariantCulture, $"until {end:u}") : "does not expire";
}
