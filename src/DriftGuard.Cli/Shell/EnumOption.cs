using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;

namespace DriftGuard.Cli.Shell;

/// <summary>Options with a few named values, written in snake_case as in the JSON output.</summary>
internal static class EnumOption
{
    /// <summary>An option that takes one of the members of <typeparamref name="T"/>, and says which there are when it gets another.</summary>
    public static Option<T> Create<T>(string name, string description, T defaultValue, params string[] aliases)
        where T : struct, Enum => new(name, aliases)
        {
            Description = $"{description} [default: {Text(defaultValue)}]",
            HelpName = string.Join('|', Enum.GetValues<T>().Select(Text)),
            CustomParser = result => Parse(result, defaultValue),
        };

    private static T Parse<T>(ArgumentResult result, T defaultValue)
        where T : struct, Enum
    {
        var found = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
        foreach (var value in Enum.GetValues<T>().Where(value => string.Equals(Text(value), found, StringComparison.OrdinalIgnoreCase)))
        {
            return value;
        }

        var option = (result.Parent as OptionResult)?.Option.Name;
        result.AddError($"{option}: expected {string.Join(" or ", Enum.GetValues<T>().Select(Text))}, found '{found}'");
        return defaultValue;
    }

    private static string Text<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
