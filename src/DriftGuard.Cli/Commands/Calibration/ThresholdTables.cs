using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Calibration.Thresholds;
using DriftGuard.Core.Statistics.Thresholds;
using DriftGuard.Core.Text;
using DriftGuard.Worker.Calibration.Thresholds;
using DriftGuard.Worker.Reports;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Calibration;

/// <summary>Thresholds on the terminal: the number, where it comes from, and how it does on pairs that it was not learned from.</summary>
internal static class ThresholdTables
{
    /// <summary>What became of a request.</summary>
    public static void Write(IAnsiConsole console, ThresholdOutcome outcome)
    {
        if (outcome.Threshold is not { } threshold)
        {
            console.Say($"[yellow]inconclusive:[/] {outcome.Missing}. Nothing was stored");
            WriteNotScored(console, outcome.Pairs);
            return;
        }

        if (threshold.Method == ThresholdMethod.Withdrawn)
        {
            console.Say($"threshold '{threshold.Name}' of {threshold.Index} for {threshold.Model} {(outcome.Stored ? "is withdrawn" : "would be withdrawn")}");
            return;
        }

        var table = Tables.Create(console, "threshold", threshold.Name);
        table.AddTextRow("accept", string.Create(CultureInfo.InvariantCulture, $"{threshold.Similarity} {(threshold.Accept == CutRule.Above ? "above" : "of or above")} {threshold.Value:0.0000}{Interval(threshold.Interval)}"));
        table.AddTextRow("model", $"{threshold.Model} ({ReportText.Fingerprint(threshold.Fingerprint)}), {Kinds(threshold.Kinds)}");
        table.AddTextRow("method", Method(threshold));
        if (threshold.Pairs is { } pairs)
        {
            table.AddTextRow("pairs", string.Create(CultureInfo.InvariantCulture, $"{pairs.Pairs:N0} of {threshold.Set}, {pairs.Between:N0} neither positive nor negative, {pairs.NotScored:N0} not scored; seed {threshold.Seed}"));
        }

        if (threshold.Learned is { } learned)
        {
            WriteFigures(table, learned);
        }

        console.Write(table);
        if (threshold.Learned is { Slices.Count: > 0 } sliced)
        {
            WriteSlices(console, sliced);
        }

        foreach (var note in Notes(threshold))
        {
            console.Say($"[yellow]note:[/] {note}");
        }

        WriteNotScored(console, threshold.Pairs);
        console.Say($"{(outcome.Stored ? "stored" : "not stored (dry run)")}; applications read it from GET /api/v1/indexes/{threshold.Index}/thresholds of 'driftguard serve'");
    }

    /// <summary>What applications are told.</summary>
    public static void WriteServed(IAnsiConsole console, ServedThresholds served)
    {
        var who = $"{served.Model ?? "an unknown model"} ({ReportText.Fingerprint(served.Fingerprint)})";
        if (served.Thresholds.Count == 0)
        {
            console.Say($"{served.Index} has no threshold for {who}; learn one with: driftguard calibration thresholds {served.Index}");
            return;
        }

        var table = Tables.Create(console, "threshold", ">value", "interval", "cuts", "method", "from", "time");
        foreach (var t in served.Thresholds)
        {
            table.AddTextRow(
                t.Name, Number(t.Value), t.Interval is { } interval ? $"{Number(interval.Lower)} to {Number(interval.Upper)}" : "-", $"{t.Similarity}, {(t.Accept == CutRule.Above ? "above" : "of or above")}",
                ThresholdJson.Word(t.Method) + (t.Provisional ? ", provisional" : ""), t.Set ?? "-", ReportText.Time(t.At));
        }

        console.Write(table);
        console.Say($"[grey]{served.Index} under {who}{(served.Serving ? ", which serves it" : ", which does not serve it now")}[/]");
    }

    /// <summary>Everything that was stored.</summary>
    public static void WriteHistory(IAnsiConsole console, IReadOnlyList<Threshold> history)
    {
        if (history.Count == 0)
        {
            console.Say($"no threshold was ever stored for it");
            return;
        }

        var table = Tables.Create(console, "time", "threshold", "model", "fingerprint", ">value", "method", "from");
        foreach (var t in history)
        {
            table.AddTextRow(
                ReportText.Time(t.At), t.Name, t.Model, ReportText.Fingerprint(t.Fingerprint), Number(t.Value), ThresholdJson.Word(t.Method) + (t.Provisional ? ", provisional" : ""), t.Set ?? "-");
        }

        console.Write(table);
    }

    private static void WriteFigures(Table table, LearnedThreshold learned)
    {
        var figures = learned.Figures;
        table.AddTextRow("learned from", string.Create(CultureInfo.InvariantCulture, $"{learned.LearnedPositives:N0} positive and {learned.LearnedNegatives:N0} negative pairs in {learned.LearnedGroups:N0} groups"));
        table.AddTextRow(learned.HeldOut ? "tested on" : "not tested", string.Create(CultureInfo.InvariantCulture,
            $"{figures.Positives:N0} positive and {figures.Negatives:N0} negative pairs {(learned.HeldOut ? "that it was not learned from" : "that it was learned from")}"));
        table.AddTextRow("  different pairs accepted", Share(figures.FalseAccepts));
        table.AddTextRow("  recall", Share(figures.Recall));
        table.AddTextRow("  precision", Share(figures.Precision));
        table.AddTextRow("  accuracy", Share(figures.Accuracy));
        table.AddTextRow("  F1", figures.F1 is { } f1 ? $"{f1.ToString("0.000", CultureInfo.InvariantCulture)}{Interval(figures.F1Interval, "0.000")}" : "-");
        table.AddTextRow("AUC of all pairs", $"{learned.Auc.ToString("0.000", CultureInfo.InvariantCulture)}{Interval(learned.AucInterval, "0.000")}");
    }

    private static void WriteSlices(IAnsiConsole console, LearnedThreshold learned)
    {
        var table = Tables.Create(console, "slice", ">positive", ">negative", "different pairs accepted", "recall", ">F1", ">own threshold");
        foreach (var slice in learned.Slices)
        {
            var f = slice.Figures;
            table.AddTextRow(
                slice.Name, ReportText.Count(f.Positives), ReportText.Count(f.Negatives), Share(f.FalseAccepts) + (slice.AcceptsTooMany ? " too many" : ""), Share(f.Recall),
                f.F1?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-", slice.OwnThreshold is { } own ? Number(own) : "-");
        }

        console.Write(table);
        if (learned.SlicesLeftOut > 0)
        {
            console.Say($"[grey]{learned.SlicesLeftOut} smaller slices are not shown: fewer columns make slices that tell more[/]");
        }
    }

    private static IEnumerable<string> Notes(Threshold threshold)
    {
        foreach (var note in threshold.Learned?.Notes ?? [])
        {
            yield return note;
        }

        if (threshold.Matched is { } matched)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"provisional: it accepts {matched.Accepted:N0} of {matched.Pairs:N0} pairs, as many as {matched.Value:0.0000} does under {matched.Model}, and nothing says that they are the same or the right ones; learn it from labelled pairs")
                + (matched.Provisional ? "; that one was provisional itself" : "");
        }
    }

    private static void WriteNotScored(IAnsiConsole console, PairCounts? pairs)
    {
        if (pairs is { NotScored: > 0 })
        {
            console.Say($"[yellow]{pairs.NotScored} pairs have no score and were left out: {string.Join("; ", pairs.FirstNotScored)}[/]");
        }
    }

    private static string Method(Threshold t) => t.Method switch
    {
        ThresholdMethod.Conformal => $"conformal: at most {PercentText.Format((double)t.Alpha!)} of different pairs are accepted",
        ThresholdMethod.Youden => "youden: recall minus the share of different pairs accepted is largest",
        ThresholdMethod.QuantileMatching => $"quantile matching with {t.Matched!.Model}, without labels{(t.Matched.Drawn ? ", on queries with their relevant documents and others at random" : "")}",
        _ => "stated by those who use it",
    };

    private static string Kinds(PairKinds kinds) => kinds switch
    {
        PairKinds.QueryDocument => "the first text as a query, the second as a document",
        PairKinds.QueryQuery => "both texts as queries",
        _ => "both texts as documents",
    };

    private static string Interval(BootstrapInterval? interval, string format = "0.0000") => interval is null
        ? ""
        : $" ({interval.Lower.ToString(format, CultureInfo.InvariantCulture)} to {interval.Upper.ToString(format, CultureInfo.InvariantCulture)})";

    private static string Share(ClusteredShare? share) => share is null
        ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{share.Share:0.000} ({share.Lower:0.000} to {share.Upper:0.000})");

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
