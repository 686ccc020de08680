using System.CommandLine;
using DriftGuard.Core.Text;

namespace DriftGuard.Cli.Shell;

/// <summary>Options that take a duration such as <c>90d</c>.</summary>
internal static class DurationOption
{
    /// <summary>An option that says what a duration looks like when it gets something else; null unless given.</summary>
    public static Option<TimeSpan?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (DurationText.TryParse(text, out var duration))
            {
                return duration;
            }

            result.AddError($"{name}: expected a duration such as 30m, 24h or 90d, found '{text}'");
            return null;
        },
    };
}
