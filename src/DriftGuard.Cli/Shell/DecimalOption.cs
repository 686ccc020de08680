using System.CommandLine;
using System.Globalization;

namespace DriftGuard.Cli.Shell;

/// <summary>Options that take a number, kept as it is written: .1 is a tenth.</summary>
internal static class DecimalOption
{
    /// <summary>An option that says which numbers it takes when it gets something else; null unless given.</summary>
    public static Option<decimal?> Create(string name, string description, decimal least = decimal.MinValue, decimal most = decimal.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            var bounds = least > decimal.MinValue ? string.Create(CultureInfo.InvariantCulture, $" from {least} to {most}") : "";
            result.AddError($"{name}: expected a number{bounds}, such as {(most < 0.8m ? "0.05" : "0.8")}, found '{text}'");
            return null;
        },
    };
}
