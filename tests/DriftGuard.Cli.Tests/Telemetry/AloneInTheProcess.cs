namespace DriftGuard.Cli.Tests.Telemetry;

/// <summary>
/// Tests that look at everything that a host exports: what listens to meters hears those of every host in the process, so no other may run meanwhile.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneInTheProcess
{
    public const string Name = "alone in the process";
}
