using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Rollouts.Limits;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Rollouts;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary><c>rollout throttle</c>: changes the limits of a rollout while it runs.</summary>
internal sealed class RolloutThrottleCommand : DriftGuardCommand
{

    private readonly Argument<string> _which = new("rollout") { Description = "The rollout, or an index for its latest" };
    private readonly Option<Limit?> _points = LimitOption.Create("--points-per-second", "Points copied a second, in all processes together");
    private readonly Option<int?> _partitions = NumberOption.Create("--concurrent-partitions", "Partitions that a process copies at a time", RolloutLimits.FewestPartitions, RolloutLimits.MostPartitions);
    private readonly Option<Limit?> _calls = LimitOption.Create("--calls-per-minute", "Calls of the provider a minute, in all processes together");
    private readonly Option<Limit?> _tokens = LimitOption.Create("--tokens-per-minute", "Tokens a minute, in all processes together");
    private readonly Option<Limit?> _money = LimitOption.Create("--money", "What may be spent on the whole rollout, in the currency of models.prices");
    private readonly ActorOptions _actor = new();

    public RolloutThrottleCommand()
        : base(
            "throttle", "Change the limits of a rollout while it runs: whoever copies it follows within a second or two",
            "driftguard rollout throttle docs --points-per-second 200 --concurrent-partitions 1", "driftguard rollout throttle docs --money none")
    {
        Arguments.Add(_which);
        foreach (var option in new Option[] { _points, _partitions, _calls, _tokens, _money })
        {
            Options.Add(option);
        }

        _actor.AddTo(this);
    }

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var (which, change, actor) = (arguments.GetRequiredValue(_which), ChangeOf(arguments), _actor.Of(arguments));
        var view = await EngineSession.AskAsync(
            context, "rollout throttle",
            async engine =>
            {
                var rollout = await engine.Rollouts.FindAsync(which, context.CancellationToken);
                return LimitsView.Of(rollout, await engine.Adjustments.ThrottleAsync(rollout, change, actor.Name, context.CancellationToken));
            },
            server => server.PostAsync<LimitsView>($"rollouts/{which}/throttle", new ThrottleRequest(change.Values, actor.Why), context.CancellationToken),
            actor);
        context.Report(view, (console, changed) =>
        {
            console.Say($"{changed.Rollout} may now take {changed.Limits.Text}");
            if (changed.Resumes)
            {
                console.Say($"it goes on by itself where 'driftguard serve' runs; otherwise: driftguard rollout resume {changed.Rollout}");
            }
        });
        return ExitCode.Success;
    }

    private LimitChange ChangeOf(ParseResult arguments)
    {
        var values = new Dictionary<string, double?>(StringComparer.Ordinal);
        (string Name, Option<Limit?> Option)[] limits =
        [
            (LimitChange.PointsPerSecond, _points), (LimitChange.CallsPerMinute, _calls), (LimitChange.TokensPerMinute, _tokens), (LimitChange.Money, _money),
        ];
        foreach (var (name, option) in limits)
        {
            if (arguments.GetValue(option) is { } limit)
            {
                values[name] = limit.Value;
            }
        }

        if (arguments.GetValue(_partitions) is { } partitions)
        {
            values[LimitChange.ConcurrentPartitions] = partitions;
        }

        return new(values);
    }
}
