using DriftGuard.Worker.Evaluation;

namespace DriftGuard.Cli.Commands.Demo;

/// <summary>What the demo measured.</summary>
internal sealed record DemoOutcome
{
    public required long Documents { get; init; }

    public required EvaluationReport Upgrade { get; init; }

    public required EvaluationReport Downgrade { get; init; }

    public required ReadCounts Reads { get; init; }

    public required string Guarantee { get; init; }

    public required IReadOnlyList<DemoAnswer> Before { get; init; }

    public required IReadOnlyList<DemoAnswer> After { get; init; }

    /// <summary>The upgrade cut over, the downgrade was refused, and no read failed or mixed models.</summary>
    public required bool WentAsItMust { get; init; }

    public double Seconds { get; init; }

    public string? Kept { get; init; }
}
