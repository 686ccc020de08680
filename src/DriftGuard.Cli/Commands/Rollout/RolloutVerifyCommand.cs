using System.CommandLine;
using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Proof;
using DriftGuard.Worker.Rollouts.Proving;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary><c>rollout verify</c>: repeats the proof that both sides of a rollout hold the same.</summary>
internal sealed class RolloutVerifyCommand : DriftGuardCommand
{
    private readonly Argument<string> _which = new("rollout") { Description = "The rollout, or an index for its latest" };
    private readonly Option<int[]> _partitions = new("--partition") { Description = "A partition to compare, from 0; may be given several times. All unless given", HelpName = "N" };
    private readonly Option<bool> _changed = new("--changed") { Description = "Only partitions in which the latest comparison found a difference, or that were never compared" };

    public RolloutVerifyCommand()
        : base(
            "verify", "Compare both collections of a rollout in full: ids, texts, payloads, stamps. Nothing is written to them",
            "driftguard rollout verify docs", "driftguard rollout verify docs --changed", "driftguard rollout verify docs --partition 3 --output json")
    {
        Arguments.Add(_which);
        Options.Add(_partitions);
        Options.Add(_changed);
    }

    public override IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes =>
    [
        (ExitCode.Success, "both sides hold the same, but for texts that stand parked; or green serves, and blue is behind"),
        (ExitCode.Refused, "points differ; the first of them are named"),
    ];

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "rollout verify", async engine =>
        {
            var rollout = await engine.Rollouts.FindAsync(arguments.GetRequiredValue(_which), context.CancellationToken);
            var request = new ProofRequest(arguments.GetValue(_partitions) ?? [], arguments.GetValue(_changed));
            var result = await context.WithProgressAsync(progress => RolloutForeground.ShownAsync(engine, rollout.Id, progress, () => engine.Proofs.RunAsync(rollout, request, context.CancellationToken), context.CancellationToken));
            context.Report(result, Write);
            return result.Differing > 0 && !result.BlueMayBeBehind ? ExitCode.Refused : ExitCode.Success;
        });

    private static void Write(IAnsiConsole console, ProofResult result)
    {
        var (source, target) = result.Source == Side.Blue ? ("blue", "green") : ("green", "blue");
        if (result.Proofs.Count == 0)
        {
            console.Say($"nothing has changed since it was compared: {result.Whole.Text}");
            return;
        }

        var table = Tables.Create(console, "partition", $"points in {source}", $"in {target}", "differ", $"digest of {source}", $"of {target}");
        foreach (var proof in result.Proofs)
        {
            table.AddTextRow(
                Number(proof.Ordinal), Number(proof.SourcePoints), Number(proof.TargetPoints), Number(proof.Differing),
                proof.SourceDigest[..ProofSummary.ShortDigits], proof.TargetDigest[..ProofSummary.ShortDigits]);
        }

        console.Write(table);
        foreach (var point in result.Proofs.SelectMany(p => p.First))
        {
            console.Say($"{point.PointId}: {Worded(point.Difference, target)}");
        }

        if (result.Parked > 0)
        {
            console.Say($"{result.Parked} of them stand parked, since their text cannot be embedded");
        }

        if (result is { BlueMayBeBehind: true, Differing: > 0 })
        {
            console.Say($"green serves, and what was written since the cutover is only there until a rollback carries it over: blue is behind by {result.Differing} point(s)");
        }
        else if (result.Differing > 0)
        {
            console.Say($"[red]{result.Differing} point(s) differ[/]");
        }
        else
        {
            console.Say($"both sides hold the same");
        }

        if (result.Source == Side.Blue)
        {
            console.Say($"as a whole: {result.Whole.Text}");
        }
    }

    private static string Worded(ProofDifference difference, string target) => difference switch
    {
        ProofDifference.Missing => $"missing in {target}",
        ProofDifference.Extra => $"only in {target}",
        ProofDifference.Text => "another text",
        ProofDifference.Payload => "another payload, the same text",
        _ => $"no stamp of its model and text in {target}",
    };

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
