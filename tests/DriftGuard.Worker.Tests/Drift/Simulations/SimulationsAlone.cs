namespace DriftGuard.Worker.Tests.Drift.Simulations;

/// <summary>Simulations take all cores for minutes: tests that wait for something are not run beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SimulationsAlone
{
    public const string Name = "simulations";
}
