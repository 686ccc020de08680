using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using DriftGuard.Core.Text;
using Spectre.Console;

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

    public static void Write(IAnsiConsole console, ParseResult parsed)
    {
        // Beside a word that nobody knows, "a command is required" says nothing new.
        var errors = parsed.UnmatchedTokens.Count == 0
            ? parsed.Errors
            : parsed.Errors.Where(error => parsed.UnmatchedTokens.Any(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal)));
        foreach (var message in errors.Select(error => Describe(error, parsed)).Distinct(StringComparer.Ordinal))
        {
            console.Say($"[red]error:[/] {message}");
        }

        console.Say($"[grey]See '{Path(parsed.CommandResult)} --help'.[/]");
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
