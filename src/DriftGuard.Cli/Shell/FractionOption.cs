using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace DriftGuard.Cli.Shell;

/// <summary>Options that take a number between 0 and 1, neither of them included.</summary>
internal static class FractionOption
{
    /// <summary>An option that takes one, or is not given.</summary>
    public static Option<double?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "X",
        CustomParser = result => Parse(result, name, result.Tokens[^1].Value),
    };

    /// <summary>An option that may be given several times, or once with several numbers separated by commas; none unless given.</summary>
    public static Option<double[]> Several(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "X",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',')).Select(text => Parse(result, name, text)).OfType<double>().Distinct()],
    };

    private static double? Parse(ArgumentResult result, string name, string text)
    {
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && number > 0 && number < 1)
        {
            return number;
        }

        result.AddError($"{name}: expected a number between 0 and 1, such as 0.03, found '{text}'");
        return null;
    }
}
