using Spectre.Console;

namespace DriftGuard.Cli.Shell;

/// <summary>Tables that all look alike.</summary>
internal static class Tables
{
    /// <summary>A table for a console: ruled on a terminal, bare columns elsewhere.</summary>
    /// <param name="console">Where it will be written.</param>
    /// <param name="columns">The headings; a leading '>' aligns a column of figures to the right.</param>
    public static Table Create(IAnsiConsole console, params ReadOnlySpan<string> columns)
    {
        var terminal = console.IsTerminal();
        var table = new Table { Border = terminal ? TableBorder.Simple : TableBorder.None };
        foreach (var heading in columns)
        {
            var right = heading.StartsWith('>');
            var column = new TableColumn(new Markup(Markup.Escape(heading.TrimStart('>')), new Style(decoration: Decoration.Bold)));
            if (!terminal)
            {
                column.NoWrap().PadLeft(0).PadRight(2);
            }

            table.AddColumn(right ? column.RightAligned() : column);
        }

        return table;
    }

    /// <summary>Adds a row of plain text: brackets in it are text, not markup.</summary>
    public static Table AddTextRow(this Table table, params ReadOnlySpan<string> cells)
    {
        var texts = new List<Text>(cells.Length);
        foreach (var cell in cells)
        {
            texts.Add(new Text(Printable.Of(cell)));
        }

        return table.AddRow(texts);
    }
}
