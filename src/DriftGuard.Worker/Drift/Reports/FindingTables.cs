using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Drift.Probes;
using DriftGuard.Core.Drift.Queries;
using DriftGuard.Worker.Reports;
using static DriftGuard.Worker.Reports.ReportText;

namespace DriftGuard.Worker.Drift.Reports;

/// <summary>Everything that a detector saw, as tables: the same on the terminal and on pages.</summary>
public static class FindingTables
{
    private static readonly string[] VariantColumns = ["candidate", "aspect", ">given back", ">median distance", "what it would mean"];

    /// <summary>The tables of a result, those without rows left out.</summary>
    public static IReadOnlyList<ReportTable> Of(DetectorResult result) =>
    [
        .. new[] { Schema(result.Schema), Model(result.Model), Index(result.Index), Quality(result.Quality), Data(result.Data) }.SelectMany(tables => tables)
            .Where(table => table.Rows.Count > 0),
    ];

    private static IEnumerable<ReportTable> Schema(SchemaFindings? found)
    {
        if (found is null)
            yield break;
        yield return new(
            "not as declared", ["part", "declared", "found", "harm", "difference"],
            [.. found.Differences.Select(d => Row(DriftJson.Word(d.Part), d.Declared, d.Found, d.Breaks ? "breaks searches or writes" : "a note", d.Message))]);
    }

    private static IEnumerable<ReportTable> Model(ModelFindings? found)
    {
        if (found is null)
            yield break;
        yield return ReportTable.Facts(
            "the model",
            ("model", $"{found.Model} ({found.Provider})"), ("fingerprint", Fingerprint(found.Enrolled)), ("fingerprint found", Fingerprint(found.Found)),
            ("quantised as it runs", $"{YesNo(found.EnrolledQuantised)}; found: {YesNo(found.FoundQuantised)}"),
            ("answers as", found.EnrolledIdentity is null && found.FoundIdentity is null ? null : $"{found.EnrolledIdentity ?? "-"}; found: {found.FoundIdentity ?? "-"}"));
        yield return new("spec", ["member", "fingerprinted", "found"], [.. found.Spec.Select(d => Row(d.Field, d.Enrolled, d.Found))]);
        yield return new("files", ["role", "fingerprinted", "found"], [.. found.Files.Select(d => Row(d.Role, d.Enrolled, d.Found ?? "missing"))]);
        yield return new(
            "probes", ["run", ">beyond tolerance", ">of another length", ">median distance", ">largest", ">median norm", ">change of similarities", "space", "axes"],
            [.. new[] { ("first", found.Probes), ("fresh", found.FreshProbes) }.Where(run => run.Item2 is not null).Select(run => Probes(run.Item1, run.Item2!))]);
        yield return new(
            "probes by category", ["category", ">probes", ">beyond", ">median distance", ">largest", ">median tolerance"],
            [.. found.Categories.Select(c => Row(c.Category, Count(c.Probes), Count(c.Beyond), Figure(c.MedianDistance), Figure(c.MaxDistance), Figure(c.MedianTolerance)))]);
        yield return new("ways to make these vectors that were tried", VariantColumns, [.. found.Variants.Select(Variant)]);
    }

    private static IEnumerable<ReportTable> Index(IndexFindings? found)
    {
        if (found is null)
            yield break;
        yield return ReportTable.Facts(
            "the sample",
            ("collection", found.Collection), ("fingerprint", Fingerprint(found.Fingerprint)),
            ("not given back", found.Mismatches is { } share ? $"{Count(share.Mismatches)} of {Count(share.Sample)}, {Percent(share.Share)} (95 %: at least {Percent(share.Lower95)}; at most {Percent(share.Upper95)}) of {Count(share.Population)} points" : null),
            ("ids", found.Examples.Count == 0 ? null : string.Join(", ", found.Examples)),
            ("median distance", Figure(found.MedianDistance)), ("median distance of those", found.MedianMismatch is { } median ? Figure(median) : null),
            ("not compared", Points(found.NotCompared)), ("vectors that no model gives", Points(found.BadVectors)),
            ("their space", found.Space is { } space ? $"{DriftJson.Word(space)}, axes {DriftJson.Word(found.Axes)}" : null),
            ("all of it was made by", found.Whole is { } whole ? $"{whole.Name}: {Count(whole.Reproduced)} of {Count(whole.Compared)} of the others, median distance {Figure(whole.MedianDistance)}" : null),
            ("block", found.Block is { } block ? $"{block.Scan.InsideMismatches} of {block.Scan.Inside} from id {block.FirstId} to {block.LastId}, p {Figure(block.Scan.P)}" : null),
            ("writer of the oldest had started", found.FirstBadWriter is { } at ? Time(at) : null));
        yield return new(
            "where they lie", ["by", "group", ">not given back", ">points", ">p"],
            [.. found.Groups.Select(g => Row(g.Key, g.Value, Count(g.Mismatches), Count(g.Size), Figure(g.AdjustedP)))]);
        yield return new("ways to make these vectors that were tried", VariantColumns, [.. found.Variants.Select(Variant)]);
        if (found.Stamps is not { } stamps)
            yield break;
        yield return ReportTable.Facts(
            "stamps",
            ("read", $"{Count(stamps.Points)}, {(stamps.Whole ? "all points" : "the sample")}"), ("without a stamp", Points(stamps.Unstamped)),
            ("of another fingerprint", Points(stamps.ForeignFingerprint)), ("text edited", Points(stamps.TextEdited)), ("payload edited", Points(stamps.PayloadEdited)),
            ("vector replaced", Points(stamps.VectorReplaced)), ("update cut off", Points(stamps.Pending)),
            ("writer of the oldest had started", stamps.FirstBadWriter is { } writer ? Time(writer) : null));
        yield return new("fingerprints in stamps", ["fingerprint", ">points"], [.. stamps.Fingerprints.OrderByDescending(f => f.Value).Select(f => Row(f.Key, Count(f.Value)))]);
    }

    private static IEnumerable<ReportTable> Quality(QualityFindings? found)
    {
        if (found is null)
            yield break;
        yield return ReportTable.Facts(
            "the calibration set",
            ("set", found.CalibrationSet), ("queries compared", Count(found.Queries)), ("approximate search finds", found.AnnRecall is { } recall ? $"{Percent(recall)} of what exact search finds" : null),
            ("relevant documents missing", found.Labels is { } labels ? $"{Count(labels.Missing)} of {Count(labels.Relevant)}{(labels.MissingIds.Count == 0 ? "" : $": {string.Join(", ", labels.MissingIds)}")}" : null));
        yield return new(
            "metrics against the baseline", ["metric", ">baseline", ">now", ">difference", ">bounds", ">margin", "verdict"],
            [.. found.Metrics.Select(m => Row(
                m.Metric, Figure(m.Baseline), Figure(m.Now), Difference(m.Result.MeanDifference),
                m.Result is { LowerBound: { } lower, UpperBound: { } upper } ? $"{Difference(lower)} to {Difference(upper)}" : "-", Figure(m.Result.Margin), DriftJson.Word(m.Result.Verdict)))]);
        yield return new("queries that fell the most", ["query", ">fall"], [.. found.Worst.Select(w => Row(w.Name, Figure(w.Value)))]);
    }

    private static IEnumerable<ReportTable> Data(DataFindings? found)
    {
        if (found is null)
            yield break;
        yield return ReportTable.Facts(
            "queries",
            ("day", found.Day?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)),
            ("against past days", found.Queries is { } queries ? $"{DriftJson.Word(queries.Verdict)}, {Count(queries.PastDays)} past days{(queries.Reason is { } reason ? $"; {reason}" : "")}" : null),
            ("given back by the index' model", found.OwnModel is { } own ? $"{Count(own.Reproduced)} of {Count(own.Compared)} (median distance {Figure(own.MedianDistance)})" : null),
            ("under other fingerprints", found.ForeignFingerprints.Count == 0 ? null : string.Join(", ", found.ForeignFingerprints.Select(f => $"{Fingerprint(f.Key)} ({Count(f.Value)})"))),
            ("find little", found.Displacement is { } moved ? $"{Percent(moved.BelowThreshold)}; median best score {Figure(moved.MedianBestScore)}, in the baseline {Figure(moved.BaselineMedian)}; cosine of the mean vectors {Figure(moved.CentroidCosine)}" : null));
        yield return new(
            "days against the past", ["day", "what", ">rise or MMD^2", ">interval", ">p", ">queries", ">compared with"],
            [.. new[] { found.Queries?.Today, found.Queries?.Confirming }.OfType<QueryDayFinding>().SelectMany(day => new[] { Part(day, "queries that find little", day.Coverage), Part(day, "vectors", day.Discrepancy) })]);
        yield return new(
            "coverage by day", ["day", ">queries", ">find little"],
            [.. found.Coverage.Select(day => Row(Day(day.Day), Count(day.Queries), Percent(day.BelowThreshold)))]);
        yield return new(
            "languages", ["language", ">before", ">now", ">p"],
            [.. found.Languages.Select(l => Row(l.Language, Percent(l.Before), Percent(l.Now), Figure(l.P)))]);
        yield return ReportTable.Facts(
            "documents",
            ("against the baseline", found.Documents is { } d ? $"{DriftJson.Word(d.Verdict)}{(d.Reason is { } why ? $"; {why}" : "")}" : null),
            ("MMD^2", found.Documents is { Reason: null } m ? $"{Figure(m.Squared)} ({Figure(m.Lower)} to {Figure(m.Upper)}), p {Figure(m.P)}, {Percent(m.Effect)} of the kernel's range; {Count(m.Now)} of now, {Count(m.Baseline)} of the baseline" : null),
            ("in a fresh sample", found.Documents?.Fresh is { } f ? $"p {Figure(f.P)}, {Percent(f.Effect)}" : null),
            ("the least like before", found.NewDocuments.Count == 0 ? null : string.Join(", ", found.NewDocuments)));
    }

    private static IReadOnlyList<string> Probes(string run, ProbeComparison seen) => Row(
        run, Count(seen.Beyond.Count), Count(seen.NormsBeyond.Count), Figure(seen.MedianDistance), Figure(seen.MaxDistance), Figure(seen.MedianNorm),
        Figure(seen.SimilarityChangeRms), DriftJson.Word(seen.Space), DriftJson.Word(seen.AxisChange));

    private static IReadOnlyList<string> Part(QueryDayFinding day, string what, QueryDriftPart part) => Row(
        Day(day.Day), what, Difference(part.Effect), $"{Difference(part.EffectLower)} to {Difference(part.EffectUpper)}", Figure(part.AdjustedP), Count(part.Queries), Count(part.Compared));

    private static IReadOnlyList<string> Variant(VariantFit fit) =>
        Row(fit.Name, fit.Aspect, $"{Count(fit.Reproduced)} of {Count(fit.Compared)}", Figure(fit.MedianDistance), fit.Explanation);

    private static string Points(PointCount count) => count.Points == 0
        ? "none"
        : $"{Count(count.Points)}{(count.Checked is { } looked ? $", of {Count(looked)} looked at {Count(count.Wrong)} have not the vector of their text" : "")}: {string.Join(", ", count.Examples)}";

    private static IReadOnlyList<string> Row(params string[] cells) => cells;

    private static string YesNo(bool? value) => value switch { true => "yes", false => "no", _ => "not known" };

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
