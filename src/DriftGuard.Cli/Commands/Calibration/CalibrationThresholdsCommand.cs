using System.CommandLine;
using System.CommandLine.Parsing;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Calibration.Thresholds;
using DriftGuard.Worker.Calibration.Thresholds;
using DriftGuard.Worker.Hosting;

namespace DriftGuard.Cli.Commands.Calibration;

/// <summary><c>calibration thresholds</c>: learns, carries over, states or shows the similarities that applications of an index cut at.</summary>
internal sealed class CalibrationThresholdsCommand : DriftGuardCommand
{
    private readonly Argument<string> _index = new("index") { Description = "The index" };
    private readonly Option<string?> _model = new("--model") { Description = "The model, such as the candidate of a rollout; the one that serves the index unless set" };
    private readonly Option<string> _name = new("--name") { Description = "What the application calls the threshold", DefaultValueFactory = _ => Threshold.DefaultName };
    private readonly Option<LearningMethod> _method = EnumOption.Create(
        "--method", "conformal: at most a share alpha of different pairs is accepted; youden: recall minus that share is largest", LearningMethod.Conformal);

    private readonly Option<decimal?> _alpha = DecimalOption.Create("--alpha", "The share of different pairs that a conformal threshold accepts at most [default: 0.05]", 0.0001m, 0.5m);
    private readonly Option<string?> _set = new("--calibration-set") { Description = "The calibration set whose pairs teach, by name or folder; the index' own unless set" };
    private readonly Option<string?> _pairs = new("--pairs") { Description = "A file of pairs in place of a set's: columns score, sentence1, sentence2, further ones for slices", HelpName = "FILE" };
    private readonly Option<decimal?> _positiveFrom = DecimalOption.Create("--positive-from", "Pairs with this score or more mean the same");
    private readonly Option<decimal?> _negativeBelow = DecimalOption.Create("--negative-below", "Pairs with a score below this do not");
    private readonly Option<PairKinds?> _kinds = EnumOption.Optional<PairKinds>("--kinds", "As what the two texts are embedded; as the set says, otherwise both as documents");
    private readonly Option<int?> _seed = NumberOption.Create("--seed", "Seed of the halves and the resamples [default: 1]", 0, int.MaxValue);
    private readonly Option<bool> _provisional = new("--provisional") { Description = "Without labels: carry the serving model's threshold over to --model by equal shares, for the time being" };
    private readonly Option<decimal?> _state = DecimalOption.Create("--set", "State the number that applications use already: scores from it on are accepted");
    private readonly Option<bool> _withdraw = new("--withdraw") { Description = "Record that the threshold is not in use any more" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Show what would be stored, and store nothing" };
    private readonly Option<bool> _show = new("--show") { Description = "Show the thresholds that are stored for the model, and learn none" };
    private readonly Option<bool> _history = new("--history") { Description = "Show every threshold that was ever stored for the index, newest first" };

    public CalibrationThresholdsCommand()
        : base(
            "thresholds", "Learn the similarity that applications cut at, for one model, and keep it with the model's fingerprint",
            "driftguard calibration thresholds docs --pairs pairs.tsv --positive-from 4 --negative-below 2",
            "driftguard calibration thresholds docs --model multilingual-e5-small", "driftguard calibration thresholds docs --name duplicates --set 0.8",
            "driftguard calibration thresholds docs --model multilingual-e5-small --provisional", "driftguard calibration thresholds docs --show")
    {
        Arguments.Add(_index);
        foreach (var option in new Option[]
        {
            _model, _name, _method, _alpha, _set, _pairs, _positiveFrom, _negativeBelow, _kinds, _seed, _provisional, _state, _withdraw, _dryRun, _show, _history,
        })
        {
            Options.Add(option);
        }

        Validators.Add(OneThingAtATime);
        Validators.Add(NothingToNoEffect);
    }

    /// <summary>What learns. A type of its own: the other methods are no choices here.</summary>
    internal enum LearningMethod
    {
        Conformal,
        Youden,
    }

    public override IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes => [(ExitCode.Inconclusive, "too few pairs: the message says how many are missing; nothing was stored")];

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "calibration thresholds", async engine =>
        {
            var target = new ThresholdTarget(arguments.GetRequiredValue(_index), arguments.GetValue(_model), arguments.GetRequiredValue(_name));
            if (arguments.GetValue(_show))
            {
                context.Report(await engine.Thresholds.ServedAsync(target, context.CancellationToken), ThresholdTables.WriteServed, ThresholdJson.Indented);
                return ExitCode.Success;
            }

            if (arguments.GetValue(_history))
            {
                context.Report(await engine.Thresholds.HistoryAsync(target.Index, context.CancellationToken), ThresholdTables.WriteHistory, ThresholdJson.Indented);
                return ExitCode.Success;
            }

            var outcome = await MakeAsync(engine, target, context, arguments);
            context.Report(outcome, ThresholdTables.Write, ThresholdJson.Indented);
            return outcome.Threshold is null ? ExitCode.Inconclusive : ExitCode.Success;
        });

    private Task<ThresholdOutcome> MakeAsync(Engine engine, ThresholdTarget target, CommandContext context, ParseResult arguments)
    {
        var (keep, stop) = (!arguments.GetValue(_dryRun), context.CancellationToken);
        if (arguments.GetValue(_withdraw))
        {
            return engine.Thresholds.WithdrawAsync(target, keep, stop);
        }

        if (arguments.GetValue(_state) is { } value)
        {
            return engine.Thresholds.StateAsync(target, (double)value, arguments.GetValue(_kinds) ?? PairKinds.DocumentDocument, keep, stop);
        }

        var defaults = new ThresholdOptions();
        var seed = arguments.GetValue(_seed) ?? defaults.Seed;
        var request = new PairRequest
        {
            CalibrationSet = arguments.GetValue(_set),
            File = arguments.GetValue(_pairs),
            PositiveFrom = (double?)arguments.GetValue(_positiveFrom),
            NegativeBelow = (double?)arguments.GetValue(_negativeBelow),
            Kinds = arguments.GetValue(_kinds),
        };
        return context.WithProgressAsync(progress =>
        {
            var task = progress.Task($"embedding pairs for {target.Index}", 0);
            return arguments.GetValue(_provisional)
                ? engine.Thresholds.CarryOverAsync(target, request, seed, keep, Tell, stop)
                : engine.Thresholds.LearnAsync(target, request, Learning(arguments, defaults with { Seed = seed }), keep, Tell, stop);

            void Tell(long done, long all)
            {
                task.ChangeTotal(all);
                task.Report(done);
            }
        });
    }

    private ThresholdOptions Learning(ParseResult arguments, ThresholdOptions defaults) => defaults with
    {
        Method = arguments.GetValue(_method) == LearningMethod.Youden ? ThresholdMethod.Youden : ThresholdMethod.Conformal,
        Alpha = arguments.GetValue(_alpha) ?? defaults.Alpha,
    };

    private void OneThingAtATime(CommandResult result)
    {
        var chosen = new Option[] { _provisional, _state, _withdraw, _show, _history }.Where(option => IsGiven(result, option)).Select(option => option.Name).ToList();
        if (chosen.Count > 1)
        {
            result.AddError($"{string.Join(" and ", chosen)} do not go together: choose one, or none to learn a threshold");
        }
    }

    private void NothingToNoEffect(CommandResult result)
    {
        var instead = new Option[] { _provisional, _state, _withdraw, _show, _history }.Where(option => IsGiven(result, option)).ToList();
        if (instead is not [var mode])
        {
            if (result.GetResult(_alpha) is not null && result.GetValue(_method) == LearningMethod.Youden)
            {
                result.AddError("--alpha: Youden's threshold bounds no share; leave it out, or use --method conformal");
            }

            return;
        }

        Option[] learning = [_method, _alpha, _positiveFrom, _negativeBelow];
        Option[] sources = [_set, _pairs, _seed, _kinds];
        var useless = learning.Concat(ReferenceEquals(mode, _provisional) ? [] : sources).Concat(ReferenceEquals(mode, _show) || ReferenceEquals(mode, _history) ? [_dryRun] : [])
            .Where(option => IsGiven(result, option) && !(ReferenceEquals(mode, _state) && ReferenceEquals(option, _kinds)))
            .Select(option => option.Name).ToList();
        if (useless.Count > 0)
        {
            result.AddError($"{string.Join(" and ", useless)} {(useless.Count == 1 ? "means" : "mean")} nothing with {mode.Name}: leave {(useless.Count == 1 ? "it" : "them")} out");
        }
    }

    private static bool IsGiven(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };
}
