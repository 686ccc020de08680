namespace DriftGuard.Core.Drift.Diagnosis;

/// <summary>A cause that explains what the detectors saw.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="Certainty">How sure it is.</param>
/// <param name="WhatHappened">What happened, in a sentence for someone who was just woken.</param>
/// <param name="WhatToDo">The action to take, with the command where there is one.</param>
/// <param name="Evidence">What it stands on, the strongest first.</param>
public sealed record Hypothesis(DriftCause Cause, Certainty Certainty, string WhatHappened, string WhatToDo, IReadOnlyList<string> Evidence);

/// <summary>The three questions of somebody on call, and what stands behind the answers.</summary>
public sealed record DriftDiagnosis
{
    /// <summary>The cause that explains the most.</summary>
    public required DriftCause Cause { get; init; }

    /// <summary>How sure that is.</summary>
    public required Certainty Certainty { get; init; }

    /// <summary>What happened?</summary>
    public required string WhatHappened { get; init; }

    /// <summary>Since when?</summary>
    public required string SinceWhen { get; init; }

    /// <summary>What do I do?</summary>
    public required string WhatToDo { get; init; }

    /// <summary>What the cause stands on.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>The last check in which the detectors that alarm now found nothing; null if there is none.</summary>
    public DateTimeOffset? LastGoodCheck { get; init; }

    /// <summary>When the writer of the oldest bad point had started; null where stamps do not tell.</summary>
    public DateTimeOffset? FirstBadStamp { get; init; }

    /// <summary>What else is wrong, or may explain the same.</summary>
    public IReadOnlyList<Hypothesis> Others { get; init; } = [];
}
