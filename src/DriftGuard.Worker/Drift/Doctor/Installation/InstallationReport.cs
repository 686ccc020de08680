namespace DriftGuard.Worker.Drift.Doctor.Installation;

/// <summary>What a check of the installation comes to.</summary>
public enum CheckOutcome
{
    /// <summary>It is as it should be.</summary>
    Ok,

    /// <summary>It works, and something about it will not do for long.</summary>
    Warn,

    /// <summary>It does not work.</summary>
    Fail,
}

/// <summary>One thing of an installation that was looked at.</summary>
/// <param name="Subject">What, e.g. <c>model all-minilm-l6-v2-int8</c>.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Finding">What was found, for people.</param>
/// <param name="WhatToDo">What to do; null for nothing.</param>
public sealed record InstallationCheck(string Subject, CheckOutcome Outcome, string Finding, string? WhatToDo = null);

/// <summary>An installation, thing by thing.</summary>
/// <param name="Usable">Whether data folder, state and Qdrant can be used at all; if not, what needs them was not looked at.</param>
/// <param name="Checks">What was looked at, in order.</param>
public sealed record InstallationReport(bool Usable, IReadOnlyList<InstallationCheck> Checks)
{
    /// <summary>Whether anything does not work.</summary>
    public bool Fails => Checks.Any(check => check.Outcome == CheckOutcome.Fail);
}
