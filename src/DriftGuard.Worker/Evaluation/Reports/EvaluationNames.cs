using System.Text.Json;

namespace DriftGuard.Worker.Evaluation.Reports;

/// <summary>What the sides and constants of an evaluation are called in front of people.</summary>
public static class EvaluationNames
{
    /// <summary>The two sides: by their models, or where those are the same by what was searched.</summary>
    public static (string Old, string New) Of(SideReport old, SideReport now) =>
        old.Model != now.Model ? (old.Model, now.Model) : old.Collection != now.Collection ? (old.Collection, now.Collection) : ("before", "now");

    /// <summary>The sides there are, with their role and name.</summary>
    public static IReadOnlyList<(string Role, string Name, SideReport Side)> Sides(EvaluationReport report) => report.New is not { } now
        ? [("side", report.Old.Model, report.Old)]
        : [("old", Of(report.Old, now).Old, report.Old), ("new", Of(report.Old, now).New, now)];

    /// <summary>How both sides were searched.</summary>
    public static string Search(EvaluationReport report) => report.SubCorpus is not null || !report.ShowsLevels() ? "by exact search on a sub-corpus"
        : report.Old.ExactOnly ? "by exact search" : "as users search";

    /// <summary>The word of a constant, e.g. <c>not_tested</c>.</summary>
    public static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>The verdict in a word: that of the report, or in older ones that of its gate.</summary>
    public static string Verdict(EvaluationReport report) => report.Verdict ?? (report.Gate is { } gate ? Word(gate.Decision) : report.New is null ? "scored" : "compared");

    /// <summary>What a page or a terminal calls the evaluation.</summary>
    public static string Title(EvaluationReport report) =>
        $"{char.ToUpperInvariant(report.Kind[0])}{report.Kind[1..]} of {report.Index ?? report.CalibrationSet}";
}
