using System.Xml.Linq;

namespace DriftGuard.Worker.Reports;

/// <summary>
/// A report as one page that needs nothing else: no script, no font, no picture from elsewhere. It is built as a tree, so that texts of
/// others cannot become markup.
/// </summary>
internal static class HtmlPage
{
    /// <summary>The colours on a dark ground.</summary>
    internal const string Dark = "--text: #e6e9ed; --dim: #a3adb9; --back: #14171a; --card: #1e2227; --line: #3a424c; --good: #69d19a; --bad: #ff8a80; --warn: #ffc166; --past: #8b96a3; --now: #7fb2ff;";

    /// <summary>How pages look.</summary>
    internal const string Style = $$"""
        :root { color-scheme: light dark; --text: #1c2024; --dim: #5a6370; --back: #ffffff; --card: #f4f5f7; --line: #d5d9df; --good: #1f6f43; --bad: #b3261e; --warn: #8a5300; --past: #7c8794; --now: #1d5fbf; }
        @media (prefers-color-scheme: dark) { :root:not([data-theme=light]) { {{Dark}} } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
        main, footer { max-width: 62rem; margin: 0 auto; padding: 1rem; }
        h1 { font-size: 1.6rem; margin: .5rem 0; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; } h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
        .answers { display: grid; gap: .8rem; } .answers section { background: var(--card); border-left: .3rem solid var(--now); padding: .6rem 1rem; } .answers h2 { margin: 0; font-size: 1rem; } .answers p { margin: .2rem 0 0; }
        .dim, footer, figcaption { color: var(--dim); font-size: .9rem; }
        .table { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .92rem; } th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; } th { white-space: nowrap; } .figure { text-align: right; font-variant-numeric: tabular-nums; }
        caption { text-align: left; font-weight: 600; padding: .6rem 0 .2rem; }
        .verdict { font-weight: 700; border: 1px solid currentColor; border-radius: .3rem; padding: 0 .4rem; white-space: nowrap; } .none, .pass, .passed, .better, .matches, .no_change, .not_worse, .not_refused { color: var(--good); } .suspected, .insufficient_data, .inconclusive, .blocked, .not_tested { color: var(--warn); } .confirmed, .failed, .fail, .worse, .refused { color: var(--bad); }
        figure { margin: 1rem 0; } svg { width: 100%; height: auto; background: var(--card); } svg text { fill: var(--text); font: 11px system-ui, sans-serif; }
        .grid { stroke: var(--line); } .axis { stroke: var(--dim); } .margin { stroke: var(--bad); stroke-dasharray: 3 3; } .limit { stroke: var(--warn); stroke-width: 2; } .good { fill: var(--good); } .bad { stroke: var(--bad); stroke-width: 2; fill: none; } .bad-fill { fill: var(--bad); } .block { fill: none; stroke: var(--now); stroke-width: 2; stroke-dasharray: 4 3; } .past { fill: var(--past); } .now { fill: var(--now); }
        .relevant { font-weight: 700; color: var(--good); } .sides { margin: 1.2rem 0; }
        @media print { :root { --text: #000; --back: #fff; --card: #fff; } body { font-size: 11px; } main, footer { max-width: none; } .table { overflow: visible; } figure, tr { break-inside: avoid; } h2, h3 { break-after: avoid; } }
        """;

    /// <summary>Writes a page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="main">What it holds; null for nothing.</param>
    /// <param name="footer">What stands below.</param>
    /// <returns>The page, which is well-formed XML after its first line.</returns>
    public static string Write(string title, IEnumerable<XElement?> main, XElement footer)
    {
        var page = new XElement(
            "html", new XAttribute("lang", "en"),
            new XElement(
                "head", new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                Element("title", title), new XElement("style", Style)),
            new XElement("body", new XElement("main", main), footer));
        return $"<!DOCTYPE html>\n{page}\n";
    }

    /// <summary>A table; a wide one scrolls by itself, also from the keyboard.</summary>
    public static XElement Table(string caption, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object>> rows) => new(
        "div", new XAttribute("class", "table"), new XAttribute("tabindex", "0"),
        new XElement(
            "table", Element("caption", caption),
            new XElement("thead", new XElement("tr", columns.Select(column => new XElement("th", new XAttribute("scope", "col"), CssOf(column), XmlText.Of(column.TrimStart('>')))))),
            new XElement("tbody", rows.Select(row => new XElement(
                "tr", row.Select((cell, i) => new XElement(i == 0 ? "th" : "td", i == 0 ? new XAttribute("scope", "row") : CssOf(columns[i]), cell is string text ? XmlText.Of(text) : cell)))))));

    /// <summary>A list of lines.</summary>
    public static XElement List(IEnumerable<string> lines) => new("ul", "", lines.Select(line => Element("li", line)));

    /// <summary>A word that says what was found; its colour, by its class, only repeats it.</summary>
    public static XElement Verdict(string word) => Element("span", word, $"verdict {word}");

    /// <summary>An element that holds a text.</summary>
    public static XElement Element(string name, string text, string? css = null) => new(name, css is null ? null : new XAttribute("class", css), XmlText.Of(text));

    private static XAttribute? CssOf(string column) => column.StartsWith('>') ? new("class", "figure") : null;
}
