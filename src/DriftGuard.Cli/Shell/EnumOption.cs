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

    /// <summary>An option that may be given several times, or once with several of the members separated by commas; none unless given.</summary>
    public static Option<T[]> Several<T>(string name, string description)
        where T : struct, Enum => new(name)
        {
            Description = description,
            HelpName = string.Join('|', Enum.GetValues<T>().Select(Text)),
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',')).SelectMany(word => Find<T>(word) is { } value ? [value] : Refuse<T>(result, word)).Distinct()],
        };

    /// <summary>An option that takes one of the members, or is not given.</summary>
    public static Option<T?> Optional<T>(string name, string description)
        where T : struct, Enum => new(name)
        {
            Description = description,
            HelpName = string.Join('|', Enum.GetValues<T>().Select(Text)),
            CustomParser = result => Find<T>(result.Tokens[^1].Value) ?? Refuse<T>(result, result.Tokens[^1].Value).Cast<T?>().FirstOrDefault(),
        };

    private static T? Find<T>(string word)
        where T : struct, Enum => Enum.GetValues<T>().Where(value => string.Equals(Text(value), word, StringComparison.OrdinalIgnoreCase)).Cast<T?>().FirstOrDefault();

    private static T[] Refuse<T>(ArgumentResult result, string found)
        where T : struct, Enum
    {
        var option = (result.Parent as OptionResult)?.Option.Name;
        result.AddError($"{option}: expected {string.Join(" or ", Enum.GetValues<T>().Select(Text))}, found '{found}'");
        return [];
    }

    private static T Parse<T>(ArgumentResult result, T defaultValue)
        where T : struct, Enum
    {
        var found = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
        if (Find<T>(found) is { } value)
        {
            return value;
        }

        Refuse<T>(result, found);
        return defaultValue;
    }

    private static string Text<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
