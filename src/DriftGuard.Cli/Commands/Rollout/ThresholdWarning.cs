using DriftGuard.Cli.Shell;
using DriftGuard.Core.Gate;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary>Tells before a rollout what its gate would tell after the copying: thresholds that are not known for the new model.</summary>
internal static class ThresholdWarning
{
    public static void Write(IAnsiConsole console, ThresholdEvidence? thresholds)
    {
        foreach (var name in thresholds?.Missing ?? [])
        {
            console.Say($"[yellow]threshold '{name}' is not known for {thresholds!.Model}, and the gate will ask for it[/]: driftguard calibration thresholds {thresholds.Index} --model {thresholds.Model} --name {name}");
        }
    }
}
