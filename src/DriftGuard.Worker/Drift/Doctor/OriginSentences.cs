using static DriftGuard.Worker.Reports.ReportText;

namespace DriftGuard.Worker.Drift.Doctor;

/// <summary>What the shares of a collection's makers come to, and what to do.</summary>
internal static class OriginSentences
{
    /// <summary>Texts of one language have vectors about this far apart: what is beyond it is close to nothing.</summary>
    private const double Close = .5;

    /// <summary>Fills in verdict, sentence and advice of a report that has its makers.</summary>
    public static OriginReport Judge(OriginReport report)
    {
        var (verdict, sentence) = (report.Makers, report.Unexplained.Points) switch
        {
            ([], _) => (OriginVerdict.Unknown, Unknown(report)),
            ([var only], 0) when Contradicts(report, only) => (OriginVerdict.Misdeclared, $"made by {Whole(report, only)}, and it says that it was made by {report.DeclaredModel ?? "another model"} ({Fingerprint(report.DeclaredFingerprint)})"),
            ([var only], 0) => (OriginVerdict.One, $"made by {Whole(report, only)}"),
            _ => (OriginVerdict.Mixed, Mixed(report)),
        };
        return report with { Verdict = verdict, Sentence = sentence, WhatToDo = WhatToDo(report, verdict) };
    }

    private static bool Contradicts(OriginReport report, OriginShare maker) =>
        report.DeclaredFingerprint is { } declared && (maker.Variant is not null || maker.Fingerprint != declared);

    private static string Whole(OriginReport report, OriginShare maker) =>
        $"{maker.Name} ({Count(maker.Share.Mismatches)} of {Count(report.Compared)} sampled points, at least {Percent(Math.Floor(maker.Share.Lower95 * 100) / 100)})";

    private static string Mixed(OriginReport report)
    {
        var parts = report.Makers.Select(maker => $"{Percent(maker.Share.Share)} by {maker.Name}{Place(maker)}");
        if (report.Unexplained.Points > 0)
        {
            parts = parts.Append($"{Percent((double)report.Unexplained.Points / report.Compared)} by none of the models here ({string.Join(", ", report.Unexplained.Examples)}{(report.Unexplained.Points > report.Unexplained.Examples.Count ? ", ..." : "")})");
        }

        return $"mixed: {string.Join(", ", parts)}";
    }

    private static string Place(OriginShare maker) =>
        maker.Block is { } block ? $" from id {block.FirstId} to {block.LastId}"
        : maker.Groups.Count > 0 ? $" where {maker.Groups[0].Key} is {maker.Groups[0].Value}"
        : "";

    private static string Unknown(OriginReport report)
    {
        var models = report.Tried.Count(model => model.Problem is null);
        var closest = report.Closest is [{ MedianDistance: < Close } first, ..] ? $"; closest {first.Name} (median distance {Figure(first.MedianDistance)})" : "; nothing comes close";
        return $"{(models == 1 ? "the one model of its dimension here did not make it" : $"none of the {models} models of its dimension here made it")}{closest}";
    }

    private static string? WhatToDo(OriginReport report, OriginVerdict verdict) => verdict switch
    {
        OriginVerdict.One when report is { Index: null, DeclaredFingerprint: null, Makers: [{ Variant: null } only] } =>
            $"put it under DriftGuard: 'driftguard index create NAME --collection {report.Collection} --model {only.Model} --text-field {report.TextField!.Field}'",
        OriginVerdict.One when report.Makers[0].Variant is { } variant =>
            $"queries have to be embedded in the same way: make a model.yaml that says {variant}, and put the collection under DriftGuard with it",
        OriginVerdict.Misdeclared => "queries are embedded as the collection says: declare what made it, or re-embed the corpus with 'driftguard rollout start'",
        OriginVerdict.Mixed => "vectors of several makes do not compare: re-embed the whole corpus with one model, by 'driftguard rollout start' once it is an index, and stop what wrote the rest",
        OriginVerdict.Unknown => $"find out what wrote it: ask whoever runs the writer, pull the model ('driftguard models list --available'), or name a provider's with --model; or the text is not '{report.TextField!.Field}' alone: --text-field names another",
        _ => null,
    };
}
