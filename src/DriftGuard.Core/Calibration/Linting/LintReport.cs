using DriftGuard.Core.Calibration.Power;

namespace DriftGuard.Core.Calibration.Linting;

/// <summary>What follows from a look through a set.</summary>
public enum LintVerdict
{
    /// <summary>The set can decide; there may be warnings.</summary>
    Sound,

    /// <summary>Nothing is wrong, and the set is too small to show a match.</summary>
    CannotDecide,

    /// <summary>Something is wrong: results on this set mislead.</summary>
    Wrong,
}

/// <summary>A calibration set looked through.</summary>
public sealed record LintReport
{
    /// <summary>Name of the set.</summary>
    public required string Set { get; init; }

    /// <summary>The index that it was looked at with; null where none was.</summary>
    public string? Index { get; init; }

    /// <summary>The collection that serves it.</summary>
    public string? Collection { get; init; }

    /// <summary>What follows.</summary>
    public required LintVerdict Verdict { get; init; }

    /// <summary>Queries that can be answered.</summary>
    public required int Queries { get; init; }

    /// <summary>Groups of queries that move together.</summary>
    public required int Groups { get; init; }

    /// <summary>Judgements of these queries.</summary>
    public required int Judgements { get; init; }

    /// <summary>Documents of the set's own corpus; null where it has none.</summary>
    public int? Documents { get; init; }

    /// <summary>Where the judgements come from.</summary>
    public required CalibrationLabels Labels { get; init; }

    /// <summary>What was found, in the order of the rules.</summary>
    public required IReadOnlyList<LintFinding> Findings { get; init; }

    /// <summary>Unjudged results, by side; empty where nothing was searched.</summary>
    public required IReadOnlyList<Holes> Holes { get; init; }

    /// <summary>What the set can tell.</summary>
    public required SetPower Power { get; init; }

    /// <summary>Looks through a set.</summary>
    public static LintReport Of(LintSubject subject, SetPower power)
    {
        var (set, findings) = (subject.Set, CalibrationLint.Look(subject));
        return new()
        {
            Set = set.Name,
            Verdict = findings.Any(finding => finding.Severity == LintSeverity.Error) ? LintVerdict.Wrong
                : SetPower.CanDecide(set) ? LintVerdict.Sound : LintVerdict.CannotDecide,
            Queries = set.Queries.Count,
            Groups = set.GroupCount,
            Judgements = set.Queries.Sum(query => set.Qrels[query.Id].Count),
            Documents = set.Corpus?.Count,
            Labels = set.Header.Labels,
            Findings = findings,
            Holes = [.. subject.Retrieved.Select(side => Linting.Holes.Of(set, side))],
            Power = power,
        };
    }
}
