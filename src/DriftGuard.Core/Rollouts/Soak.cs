namespace DriftGuard.Core.Rollouts;

/// <summary>What one look at the serving collection says of it.</summary>
public enum SoakVerdict
{
    /// <summary>Nothing is worse than before.</summary>
    Fine,

    /// <summary>Something is.</summary>
    Worse,

    /// <summary>There is too little to tell.</summary>
    Inconclusive,
}

/// <summary>
/// How often in a row something was found, of labels or of live searches. What is inconclusive neither excuses what was worse before it nor adds to it:
/// both are counted apart.
/// </summary>
/// <param name="Worse">Looks that found it worse, with no fine one between them, this one included.</param>
/// <param name="Inconclusive">Looks that could not tell, with none between them that could, this one included.</param>
/// <param name="Message">What the latest found, in a sentence with figures.</param>
public sealed record SoakTally(int Worse, int Inconclusive, string Message)
{
    /// <summary>Worse so often in a row is a breach: one look alone may be an accident of the moment.</summary>
    public const int Breach = 2;

    /// <summary>It has been worse often enough.</summary>
    public bool IsBreach => Worse >= Breach;

    /// <summary>The tally after one more look.</summary>
    /// <param name="before">The tally before it; null where it is the first.</param>
    /// <param name="verdict">What it found.</param>
    /// <param name="message">The same in a sentence with figures.</param>
    public static SoakTally After(SoakTally? before, SoakVerdict verdict, string message) => verdict switch
    {
        SoakVerdict.Fine => new(0, 0, message),
        SoakVerdict.Worse => new((before?.Worse ?? 0) + 1, 0, message),
        _ => new(before?.Worse ?? 0, (before?.Inconclusive ?? 0) + 1, message),
    };
}

/// <summary>Result of a check during the soak.</summary>
/// <param name="Breach">The serving collection was worse often enough in a row, by the labels or by what live searches were like.</param>
/// <param name="WorseInARow">How often in a row it was worse by the labels, this time included.</param>
/// <param name="Message">In a sentence, with figures; of a breach, why.</param>
/// <param name="At">When it was made.</param>
public sealed record SoakOutcome(bool Breach, int WorseInARow, string Message, DateTimeOffset At)
{
    /// <summary>By the calibration set; null in records of a time when it was all there was.</summary>
    public SoakTally? Labels { get; init; }

    /// <summary>By live searches; null in records of that time.</summary>
    public SoakTally? Live { get; init; }

    /// <summary>By the calibration set, also of a record of that time.</summary>
    public SoakTally ByLabels() => Labels ?? new(WorseInARow, 0, Message);

    /// <summary>The outcome of a check.</summary>
    /// <param name="labels">By the calibration set.</param>
    /// <param name="live">By live searches.</param>
    /// <param name="at">When.</param>
    public static SoakOutcome Of(SoakTally labels, SoakTally live, DateTimeOffset at)
    {
        var why = (labels.IsBreach, live.IsBreach) switch
        {
            (true, false) => labels.Message,
            (false, true) => live.Message,
            _ => $"{labels.Message}; {live.Message}",
        };
        return new(labels.IsBreach || live.IsBreach, labels.Worse, why, at) { Labels = labels, Live = live };
    }
}

/// <summary>The outbox was carried back to blue, so that a rollback has little left to do.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Left">Ids that it left marked: some were written meanwhile, and what was carried is compared once more.</param>
/// <param name="Parked">Points among them whose texts the old model cannot embed.</param>
public sealed record OutboxCarry(DateTimeOffset At, long Left, long Parked);
