using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Api;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary><c>rollout retry</c>: has parked texts tried again, and follows what comes of it.</summary>
internal sealed class RolloutRetryCommand : DriftGuardCommand
{
    private readonly Argument<string> _which = new("rollout") { Description = "The rollout, or an index for its latest" };
    private readonly Option<string[]> _points = new("--point") { Description = "A point that is meant, as 'rollout parked' lists it; may be given several times. All that stand parked are tried" };
    private readonly Option<bool> _wait = new("--wait") { Description = "Stay until the soak is over" };
    private readonly ActorOptions _actor = new();

    public RolloutRetryCommand()
        : base("retry", "Try parked texts again: a comparison of both collections, then the gate", "driftguard rollout retry docs", "driftguard rollout retry docs --point 300")
    {
        Arguments.Add(_which);
        Options.Add(_points);
        _actor.AddTo(this);
        Options.Add(_wait);
    }

    public override bool AsksServer => true;

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var (which, points, wait, actor) = (arguments.GetRequiredValue(_which), arguments.GetValue(_points) ?? [], arguments.GetValue(_wait), _actor.Of(arguments));
        return EngineSession.AskAsync(
            context, "rollout retry",
            async engine =>
            {
                var rollout = await engine.Rollouts.FindAsync(which, context.CancellationToken);
                var request = await engine.Adjustments.RetryAsync(rollout, points, actor.Name, context.CancellationToken);
                return await RolloutForeground.FollowAsync(context, engine, rollout.Id, wait, request: request);
            },
            async server =>
            {
                var request = await server.PostAsync<RequestView>($"rollouts/{which}/retry", new RetryRequest(points, actor.Why), context.CancellationToken);
                return await RolloutFollowing.FollowAsync(context, server, request.Rollout, wait, request: request.Sequence);
            },
            actor);
    }
}
