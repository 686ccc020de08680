using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;

namespace DriftGuard.Cli.Shell;

/// <summary>A limit that is to be in force.</summary>
/// <param name="Value">The limit; null for none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Limit(double? Value);

/// <summary>Options that set a limit, or lift it with <c>none</c>.</summary>
internal static class LimitOption
{
    private const string None = "none";

    /// <summary>An option that says what it takes when it gets something else; null unless given.</summary>
    public static Option<Limit?> Create(string name, string description) => new(name)
    {
        Description = $"{description}; {None} for no limit",
        HelpName = "N",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (text == None)
            {
                return new Limit(null);
            }

            if (double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && number > 0 && double.IsFinite(number))
            {
                return new Limit(number);
            }

            result.AddError($"{name}: expected a number above 0, such as 200, or {None}, found '{text}'");
            return null;
        },
    };
}
