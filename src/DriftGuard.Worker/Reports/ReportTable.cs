namespace DriftGuard.Worker.Reports;

/// <summary>A part of a report as a table, the same on the terminal and on pages.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">Its headings; one that begins with '>' holds figures, and <see cref="Verdict"/> holds verdicts.</param>
/// <param name="Rows">Its rows, a text for each heading.</param>
public sealed record ReportTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>The heading of a column whose words are verdicts, which may be coloured.</summary>
    public const string Verdict = "verdict";

    /// <summary>A table of named facts; those without a value are left out.</summary>
    public static ReportTable Facts(string title, params IReadOnlyList<(string Name, string? Value)> facts) =>
        new(title, ["property", "value"], [.. facts.Where(fact => fact.Value is not null).Select(fact => (IReadOnlyList<string>)[fact.Name, fact.Value!])]);
}
