namespace DriftGuard.Core.Tests.Rollouts.Protocol;

/// <summary>One of the protocol's ten invariants does not hold; 0 is that the rollout comes to an end.</summary>
internal sealed class InvariantViolation(int number, string what) : Exception($"invariant {number}: {what}")
{
    public const int Liveness = 0;

    public int Number => number;
}
