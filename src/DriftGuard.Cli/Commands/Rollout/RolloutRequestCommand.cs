using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Api;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary>A request about a rollout, such as <c>rollout pause</c>, and what comes of it.</summary>
internal sealed class RolloutRequestCommand : DriftGuardCommand
{
    private readonly Argument<string> _which = new("rollout") { Description = "The rollout, or an index for its latest" };
    private readonly Option<bool> _wait = new("--wait") { Description = "Stay until the soak is over" };
    private readonly ActorOptions _actor = new();
    private readonly RequestKind _kind;
    private readonly RolloutPhase? _wished;

    private RolloutRequestCommand(RequestKind kind, string description, RolloutPhase? wished)
        : base(kind.ToString().ToLowerInvariant(), description, $"driftguard rollout {kind.ToString().ToLowerInvariant()} docs")
    {
        (_kind, _wished) = (kind, wished);
        Arguments.Add(_which);
        _actor.AddTo(this);
        Options.Add(_wait);
    }

    /// <summary>One command a kind of request.</summary>
    public static Command[] All() =>
    [
        new RolloutRequestCommand(RequestKind.Pause, "Hold a rollout where it is safe", RolloutPhase.Paused),
        new RolloutRequestCommand(RequestKind.Resume, "Let a rollout go on: after a pause, a crash, or once a blocked gate was mended", null),
        new RolloutRequestCommand(RequestKind.Approve, "Agree to the cutover of a rollout whose gate passed", null),
        new RolloutRequestCommand(RequestKind.Abort, "End a rollout before cutover and remove its shadow collection", RolloutPhase.Aborted),
        new RolloutRequestCommand(RequestKind.Promote, "Accept the new model before its soak is over; until the old collection is removed it can still be rolled back", RolloutPhase.Completed),
        new RolloutRequestCommand(RequestKind.Rollback, "Switch an index back to the collection before the cutover", RolloutPhase.RolledBack),
    ];

    public override bool AsksServer => true;

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var (which, wait, actor) = (arguments.GetRequiredValue(_which), arguments.GetValue(_wait), _actor.Of(arguments));
        return EngineSession.AskAsync(
            context, $"rollout {Name}",
            async engine =>
            {
                var rollout = await engine.Rollouts.FindAsync(which, context.CancellationToken);
                var request = await engine.Rollouts.RequestAsync(rollout, _kind, actor.Name, context.CancellationToken);
                return await RolloutForeground.FollowAsync(context, engine, rollout.Id, wait, _wished, request);
            },
            async server =>
            {
                var request = await server.PostAsync<RequestView>($"rollouts/{which}/{Name}", new ActionRequest(actor.Why), context.CancellationToken);
                return await RolloutFollowing.FollowAsync(context, server, request.Rollout, wait, _wished, request.Sequence);
            },
            actor);
    }
}
