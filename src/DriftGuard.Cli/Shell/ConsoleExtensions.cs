using System.Globalization;
using System.Runtime.CompilerServices;
using Spectre.Console;

namespace DriftGuard.Cli.Shell;

/// <summary>Writes lines with markup; what is put into them is text and never markup.</summary>
internal static class ConsoleExtensions
{
    /// <summary>Whether a person watches, so that rules and blocks may be drawn; elsewhere there are columns and plain characters.</summary>
    public static bool IsTerminal(this IAnsiConsole console) => console.Profile.Out.IsTerminal && console.Profile.Capabilities.Ansi;

    /// <summary>Writes a line, such as <c>$"[green]created[/] {name}"</c>. Figures are formatted alike on every machine.</summary>
    public static void Say(this IAnsiConsole console, FormattableString line) =>
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            FormattableStringFactory.Create(line.Format, [.. line.GetArguments().Select(argument => argument is string text ? Printable.Of(text) : argument)]));
}
