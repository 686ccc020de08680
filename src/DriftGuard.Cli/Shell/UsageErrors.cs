using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using DriftGuard.Core.Text;

namespace DriftGuard.Cli.Shell;

/// <summary>Says what is wrong with a command line, what was probably meant, and where the help is.</summary>
internal static partial class UsageErrors
{
    // The parser names .NET types; people do not.
    private static readonly (string Type, string Words)[] TypeWords =
    [
        ("System.Int32", "a whole number"), ("System.Int64", "a whole number"), ("System.UInt64", "a whole number"),
        ("System.Double", "a number"), ("System.TimeSpan", "a duration"), ("System.Boolean", "true or false"), ("System.Uri", "an address"),
    ];

    /// <summary>For people, or as the same object as every other error where JSON was asked for.</summary>
    public static void Write(ShellEnvironment environment, ParseResult parsed)
    {
        var messages = Messages(parsed);
        var hint = $"See '{Path(parsed.CommandResult)} --help'.";
        if (AsksForJson(parsed))
        {
            ErrorBoundary.WriteJson(environment.Error, new(ExitCode.Usage, messages[0], messages[1..], hint));
            return;
        }

        var console = Consoles.Create(environment.Error, environment.ErrorIsTerminal, environment.Variables);
        foreach (var message in messages)
        {
            console.Say($"[red]error:[/] {message}");
        }

        console.Say($"[grey]{hint}[/]");
    }

    // A command line that cannot be parsed still says in which form its errors are read.
    private static bool AsksForJson(ParseResult parsed)
    {
        var words = parsed.Tokens.Select(token => token.Value).ToList();
        var option = words.FindLastIndex(word => word is "--output" or "-o");
        return option >= 0 && option + 1 < words.Count && words[option + 1].Equals("json", StringComparison.OrdinalIgnoreCase);
    }

    private static string[] Messages(ParseResult parsed)
    {
        // Beside a word that nobody knows, "a command is required" says nothing new.
        var errors = parsed.UnmatchedTokens.Count == 0
            ? parsed.Errors
            : parsed.Errors.Where(error => parsed.UnmatchedTokens.Any(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal)));
        return [.. errors.Select(error => Describe(error, parsed)).Distinct(StringComparer.Ordinal)];
    }

    private static string Describe(ParseError error, ParseResult parsed)
    {
        var message = OptionalType().Replace(error.Message, "${type}");
        foreach (var (type, words) in TypeWords)
        {
            message = message.Replace($"as expected type '{type}'", $"as {words}", StringComparison.Ordinal);
        }

        var unmatched = parsed.UnmatchedTokens.FirstOrDefault(token => message.Contains($"'{token}'", StringComparison.Ordinal));
        return unmatched is not null && NearestName.Find(unmatched, Names(parsed.CommandResult)) is { } meant
            ? $"{message.TrimEnd('.')}; did you mean '{meant}'?"
            : message;
    }

    // The names that could have stood here: the command's own, and the options it inherits.
    private static IEnumerable<string> Names(CommandResult result)
    {
        foreach (var command in result.Command.Subcommands.Where(command => !command.Hidden))
        {
            yield return command.Name;
        }

        for (SymbolResult? level = result; level is not null; level = level.Parent)
        {
            if (level is CommandResult { Command: var command })
            {
                foreach (var option in command.Options.Where(option => level == result || option.Recursive))
                {
                    yield return option.Name;
                }
            }
        }
    }

    // The root is named after the process, which is not always started by our name.
    private static string Path(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : "driftguard";

    [GeneratedRegex(@"System\.Nullable`1\[(?<type>[\w.]+)\]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OptionalType();
}
