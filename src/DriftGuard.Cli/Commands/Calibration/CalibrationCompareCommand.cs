using System.CommandLine;
using DriftGuard.Cli.Commands.Evaluation;
using DriftGuard.Cli.Shell;
using DriftGuard.Cli.Shell.Progress;
using DriftGuard.Core.Retrieval;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Evaluation.Comparing;
using DriftGuard.Worker.Rollouts.Planning;

namespace DriftGuard.Cli.Commands.Calibration;

/// <summary><c>calibration compare</c>: whether one index, collection or model matches or beats another, by the rule of the gate.</summary>
internal sealed class CalibrationCompareCommand : DriftGuardCommand
{
    private const string Sides = "index:NAME, collection:NAME (or collection:NAME@MODEL), or model:NAME, which embeds the set's own corpus; a plain name is an index or a model";

    private readonly Argument<string> _set = new("set-or-index") { Description = "A calibration set, by name or folder, or an index for its own; set:NAME or index:NAME says which" };
    private readonly Argument<string> _old = new("old") { Description = $"What is compared with: {Sides}" };
    private readonly Argument<string> _new = new("new") { Description = "The candidate, likewise" };
    private readonly Option<double?> _margin = FractionOption.Create("--margin", "The largest loss that still counts as a match; the configured one, or one by the number of queries, unless set");
    private readonly Option<GateRule?> _rule = EnumOption.Optional<GateRule>("--rule", "Bounds of the paired difference, or the plain means; the configured one unless set");
    private readonly Option<string[]> _metrics = new("--metric") { Description = "A metric that must match or be better, such as ndcg@10; may be given several times; those of the set unless set", HelpName = "METRIC" };
    private readonly Option<int?> _queries = EvaluationView.QueriesOption();
    private readonly ReportFiles _files = new();

    public CalibrationCompareCommand()
        : base(
            "compare", "Say whether one index, collection or model matches or beats another; kept where an index is involved",
            "driftguard calibration compare xquad-en model:static-wordpiece-128 model:all-minilm-l6-v2-int8",
            "driftguard calibration compare docs index:docs collection:docs_2025@all-minilm-l6-v2-int8 --margin 0.02",
            "driftguard calibration compare docs docs all-minilm-l6-v2-int8 --html report.html")
    {
        Arguments.Add(_set);
        Arguments.Add(_old);
        Arguments.Add(_new);
        Options.Add(_margin);
        Options.Add(_rule);
        Options.Add(_metrics);
        Options.Add(_queries);
        _files.AddTo(this);
        _metrics.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                try
                {
                    RetrievalMetric.Parse(token.Value);
                }
                catch (FormatException problem)
                {
                    result.AddError($"--metric: {problem.Message}");
                }
            }
        });
    }

    public override IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes => EvaluationWords.ExitCodes;

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "calibration compare", async engine =>
        {
            var configured = ConfiguredSettings.Of(context.Options.Rollout).Gate;
            var asked = new SetComparison(
                arguments.GetRequiredValue(_set), arguments.GetRequiredValue(_old), arguments.GetRequiredValue(_new),
                configured with
                {
                    Margin = arguments.GetValue(_margin) ?? configured.Margin,
                    PointRule = arguments.GetValue(_rule) is { } rule ? rule == GateRule.Point : configured.PointRule,
                    Metrics = arguments.GetValue(_metrics) is { Length: > 0 } metrics ? metrics : configured.Metrics,
                });
            var report = await context.WithProgressAsync(progress => engine.Evaluations.CompareAsync(asked, progress.Told(), context.CancellationToken));
            await EvaluationView.ShowAsync(context, arguments, report, arguments.GetValue(_queries), _files);
            return EvaluationWords.CodeOf(report);
        });
}
