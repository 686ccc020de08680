using System.Globalization;
using DriftGuard.Cli.Commands.Evaluation;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Hosting;
using DriftGuard.Worker.Indexes;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Demo;

/// <summary>Tells the story step by step.</summary>
internal sealed class DemoStory(
    CommandContext context, Engine engine, string indexName, string setName, string oldModel, string newModel, int readers, int questionsShown)
{
    private readonly CancellationToken cancellation = context.CancellationToken;

    private bool Tells => context.Output == OutputMode.Table;

    public async Task<DemoOutcome> TellAsync()
    {
        var installation = engine.Installation;
        var set = installation.CalibrationSets.Load(setName);

        Chapter($"1  An index of real paragraphs under a small model");
        var index = await engine.Indexes.CreateAsync(indexName, oldModel, set.Header.TextField, setName, cancellation);
        var corpus = new Corpus(Path.Join(installation.CalibrationSets.FolderOf(setName), "corpus.jsonl"), "id", set.Header.TextField);
        var loaded = await engine.Loader.LoadAsync(index, corpus, null, cancellation);
        Say($"{loaded.Written} paragraphs of Wikipedia (XQuAD, English) in collection {index.Collection}, embedded by [bold]{oldModel}[/]");
        var questions = Spread(set.Queries, questionsShown);
        var before = await DemoQuestions.AskAsync(installation.Qdrant, index.Collection, installation.Models.Get(oldModel), set, questions, cancellation);

        Chapter($"2  The upgrade to {newModel}, while {readers} readers search without pause");
        var upgrade = await PlanAsync(newModel, preflight: true);
        ReadCounts reads;
        await using (var running = await DemoReaders.StartAsync(
            installation.Qdrant, indexName, set, [installation.Models.Get(oldModel), installation.Models.Get(newModel)], readers, cancellation))
        {
            await FollowAsync(upgrade);

            // The readers go on for a moment, so that reads of the new model are among those counted.
            await Task.Delay(TimeSpan.FromSeconds(1), context.Time, cancellation);
            await running.StopAsync();
            reads = running.Counts;
        }

        var upgraded = await engine.Rollouts.FindAsync(upgrade.Id, cancellation);
        var upgradeReport = await ReportAsync(upgraded);
        Say($"[grey]preflight:[/] {upgraded.Preflight!.Message}");
        Show(upgradeReport);
        Say($"[green]cut over[/] to {upgraded.Green} at epoch {upgraded.ExpectedToken.Epoch}; {upgraded.Guarantee?.Message ?? "not confirmed"}");
        Say($"[bold]{reads.Reads:N0} reads, {reads.Failed} failed, {reads.Mixed} mixed models[/] ({string.Join(", ", reads.ByModel.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Value:N0} by {m.Key}")))})");

        Chapter($"3  The same questions, before and after");
        var after = await DemoQuestions.AskAsync(installation.Qdrant, upgraded.Green, installation.Models.Get(newModel), set, questions, cancellation);
        Compare(before, after);

        Chapter($"4  The downgrade back to {oldModel}");
        var downgrade = await PlanAsync(oldModel, preflight: false);
        await FollowAsync(downgrade);
        var downgraded = await engine.Rollouts.FindAsync(downgrade.Id, cancellation);
        var downgradeReport = await ReportAsync(downgraded);
        Show(downgradeReport);
        Say($"[red]{downgraded.Reason}[/]: the index stays on {newModel}; the shadow collection is gone again");
        return new()
        {
            Documents = loaded.Written,
            Upgrade = upgradeReport,
            Downgrade = downgradeReport,
            Reads = reads,
            Guarantee = upgraded.Guarantee?.Message ?? "",
            Before = before,
            After = after,
            WentAsItMust = upgraded.Serving == Side.Green && downgraded.Reason == RolloutReason.GateRefused && reads is { Failed: 0, Mixed: 0, Reads: > 0 },
        };
    }

    /// <summary>Questions from all over the set.</summary>
    private static List<CalibrationQuery> Spread(IReadOnlyList<CalibrationQuery> queries, int count) =>
        [.. Enumerable.Range(0, count).Select(i => queries[(2 * i + 1) * queries.Count / (2 * count)])];

    private async Task<Core.Rollouts.Rollout> PlanAsync(string model, bool preflight)
    {
        var settings = new RolloutSettings { Preflight = preflight, Soak = TimeSpan.Zero, Partitions = 4 };
        var plan = await engine.Rollouts.PlanAsync(indexName, model, setName, settings, cancellation);
        return await engine.Rollouts.StartAsync(plan, setName, cancellation);
    }

    private async Task FollowAsync(Core.Rollouts.Rollout rollout)
    {
        var phase = rollout.Phase;
        await engine.Runner.RunAsync(rollout.Id, new()
        {
            Until = decision => decision.Phase.IsEnd() || decision.Phase == RolloutPhase.Paused,
            GiveUpAfter = 3,
            OnDecision = decision =>
            {
                if (decision.Phase != phase)
                {
                    phase = decision.Phase;
                    Say($"[grey]{phase,-12} {(phase == RolloutPhase.Failed ? decision.Reason : decision.Message)}[/]");
                }
            },
        }, cancellation);
    }

    private async Task<EvaluationReport> ReportAsync(Core.Rollouts.Rollout rollout) =>
        rollout.Gate is { } gate && await engine.Evaluations.FindAsync(gate.EvaluationId, cancellation) is { } report
            ? report
            : throw new CommandException(ExitCode.UnexpectedError, $"{rollout.Id} ended as {rollout.Phase} before its gate: {rollout.Message}");

    private void Chapter(FormattableString title)
    {
        if (Tells)
        {
            context.Out.WriteLine();
            context.Out.Say($"[bold]{title.ToString(CultureInfo.InvariantCulture)}[/]");
        }
    }

    private void Say(FormattableString line)
    {
        if (Tells)
        {
            context.Out.Say(line);
        }
    }

    private void Show(EvaluationReport report)
    {
        if (Tells)
        {
            EvaluationView.WriteBrief(context.Out, report);
        }
    }

    private void Compare(IReadOnlyList<DemoAnswer> before, IReadOnlyList<DemoAnswer> after)
    {
        if (!Tells)
        {
            return;
        }

        var table = Tables.Create(context.Out, "question", $"rank under {oldModel}", $"rank under {newModel}", "first answer now");
        foreach (var (old, now) in before.Zip(after))
        {
            table.AddTextRow(old.Question, Rank(old), Rank(now), now.Best);
        }

        context.Out.Write(table);

        static string Rank(DemoAnswer answer) => answer.Rank?.ToString(CultureInfo.InvariantCulture) ?? "not in the first 10";
    }
}
