using System.Globalization;
using System.Runtime.CompilerServices;
using Spectre.Console;

namespace DriftGuard.Cli.Shell;

/// <summary>Writes lines with markup; what is put into them is text and never markup.</summary>
internal static class ConsoleExtensions
{
    /// <summary>Writes a line, such as <c>$"[green]created[/] {name}"</c>. Figures are formatted alike on every machine.</summary>
    public static void Say(this IAnsiConsole console, FormattableString line) =>
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            FormattableStringFactory.Create(line.Format, [.. line.GetArguments().Select(argument => argument is string text ? Printable.Of(text) : argument)]));
}
