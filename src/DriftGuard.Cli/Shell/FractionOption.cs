using System.CommandLine;
using System.Globalization;

namespace DriftGuard.Cli.Shell;

/// <summary>Options that take a number between 0 and 1.</summary>
internal static class FractionOption
{
    /// <summary>An option that says which numbers it takes when it gets something else; null unless given.</summary>
    public static Option<double?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0 && number < 1)
            {
                return number;
            }

            result.AddError($"{name}: expected a number between 0 and 1, such as 0.02, found '{text}'");
            return null;
        },
    };
}
