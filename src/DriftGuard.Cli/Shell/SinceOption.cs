using System.CommandLine;
using System.Globalization;
using DriftGuard.Core.Text;

namespace DriftGuard.Cli.Shell;

/// <summary>An option that says from when on: a duration back from now, or a date or time of UTC.</summary>
internal static class SinceOption
{
    public static Option<string?> Create()
    {
        var option = new Option<string?>("--since") { Description = "Only what is not older: a duration such as 7d, or a date or time of UTC such as 2026-11-01", HelpName = "WHEN" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && Read(text, DateTimeOffset.UnixEpoch.AddYears(100)) is null)
            {
                result.AddError($"--since: expected a duration such as 7d, or a date or time such as 2026-11-01, found '{text}'");
            }
        });
        return option;
    }

    /// <summary>The time that is meant; null where none is.</summary>
    public static DateTimeOffset? Read(string? text, DateTimeOffset now)
    {
        if (DurationText.TryParse(text ?? "", out var ago))
        {
            return ago < now - DateTimeOffset.UnixEpoch ? now - ago : DateTimeOffset.UnixEpoch;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }
}
