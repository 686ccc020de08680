using DriftGuard.Core.Access;
using DriftGuard.Core.Rollouts;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Calibration.Thresholds;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Rollouts;
using DriftGuard.Worker.Rollouts.Planning;
using DriftGuard.Worker.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DriftGuard.Worker.Api;

/// <summary>What can be done with rollouts. An action is recorded and answered at once; whoever looks after the rollout takes it up.</summary>
internal static class RolloutActionEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/indexes/{index}/rollouts/plan", PlanAsync)
            .Named("PlanRollout", "Check a change of model, measure what it takes, and try it on a sub-corpus; changes nothing").Requires(Right.Operate).Acts();
        api.MapPost("/indexes/{index}/rollouts", StartAsync).Named("StartRollout", "Start a rollout of an index to another model").Requires(Right.Operate).Acts();
        foreach (var (path, kind, summary) in Requests)
        {
            api.MapPost($"/rollouts/{{rollout}}/{path}", (HttpContext context, string rollout, ActionRequest? request, RolloutService rollouts, CancellationToken cancellation) =>
                AskAsync(context, rollout, kind, request, rollouts, cancellation)).Named($"{kind}Rollout", summary).Requires(Right.Operate).Acts();
        }

        api.MapPost("/rollouts/{rollout}/throttle", ThrottleAsync).Named("ThrottleRollout", "Change the limits of a rollout while it runs").Requires(Right.Operate).Acts();
        api.MapPost("/rollouts/{rollout}/retry", RetryAsync).Named("RetryParked", "Try parked texts again").Requires(Right.Operate).Acts();
    }

    private static IEnumerable<(string Path, RequestKind Kind, string Summary)> Requests =>
    [
        ("pause", RequestKind.Pause, "Hold a rollout where it is safe"),
        ("resume", RequestKind.Resume, "Let a rollout go on: after a pause, or once a blocked gate was mended"),
        ("approve", RequestKind.Approve, "Agree to the cutover of a rollout whose gate passed"),
        ("promote", RequestKind.Promote, "Accept the new model before its soak is over"),
        ("abort", RequestKind.Abort, "End a rollout before cutover and remove its shadow collection"),
        ("rollback", RequestKind.Rollback, "Switch an index back to the collection before the cutover"),
    ];

    private static async Task<ApiResult<RolloutPlanView>> PlanAsync(
        string index, PlanRequest request, RolloutService rollouts, ThresholdService thresholds, DriftGuardOptions options, CancellationToken cancellation)
    {
        var settings = ConfiguredSettings.Of(options.Rollout) with { Preflight = request.Preflight };
        var seed = request.Seed ?? Random.Shared.Next();
        var plan = await rollouts.PlanAsync(index, request.To, CalibrationSets.RequireName(request.CalibrationSet), settings, cancellation);
        plan = await rollouts.EstimateAsync(plan, seed, cancellation);
        var (report, refused) = settings.Preflight ? await rollouts.PreflightAsync(plan, seed, cancellation) : ((EvaluationReport?)null, false);
        var needed = await thresholds.NeededAsync(index, plan.FromFingerprint, plan.To.Fingerprint, plan.To.Spec.Name, cancellation);
        return ApiResult.Of(RolloutPlanView.Of(plan, report, refused, needed));
    }

    private static async Task<ApiResult<RolloutView>> StartAsync(
        HttpContext context, string index, StartRequest request, RolloutService rollouts, RolloutViews views, DriftGuardOptions options, CancellationToken cancellation)
    {
        using var acting = context.Acting(request.Reason);
        var configured = ConfiguredSettings.Of(options.Rollout);
        var settings = configured with
        {
            Preflight = request.Preflight,
            RequireApproval = (configured.RequireApproval || request.RequireApproval) && !request.Approved,
            Budget = request.OverBudget ? null : configured.Budget,
        };
        if (request.Approved && options.Security.SecondApprover)
        {
            throw new OperatorException(OperatorError.Refused, "security.secondApprover asks for somebody else's approval: who starts a rollout cannot approve it as well");
        }

        if (await rollouts.FindStartedAsync(index, request.Reference, cancellation) is { } started)
        {
            return ApiResult.Of(await views.ReadAsync(started.Id, cancellation));
        }

        var set = CalibrationSets.RequireName(request.CalibrationSet);
        var plan = (await rollouts.PlanAsync(index, request.To, set, settings, cancellation)) with { Reference = request.Reference };
        var rollout = await rollouts.StartAsync(plan, set ?? plan.Index.Definition.CalibrationSet!, cancellation);
        return ApiResult.Of(await views.ReadAsync(rollout.Id, cancellation));
    }

    private static async Task<ApiResult<RequestView>> AskAsync(
        HttpContext context, string rollout, RequestKind kind, ActionRequest? request, RolloutService rollouts, CancellationToken cancellation)
    {
        using var acting = context.Acting(request?.Reason);
        var found = await rollouts.FindAsync(rollout, cancellation);
        return ApiResult.Of(new RequestView(found.Id, kind, await rollouts.RequestAsync(found, kind, Caller.Of(context).Name, cancellation)));
    }

    private static async Task<ApiResult<LimitsView>> ThrottleAsync(
        HttpContext context, string rollout, ThrottleRequest request, RolloutService rollouts, RolloutAdjustments adjustments, CancellationToken cancellation)
    {
        using var acting = context.Acting(request.Reason);
        var found = await rollouts.FindAsync(rollout, cancellation);
        return ApiResult.Of(LimitsView.Of(found, await adjustments.ThrottleAsync(found, new(request.Limits), Caller.Of(context).Name, cancellation)));
    }

    private static async Task<ApiResult<RequestView>> RetryAsync(
        HttpContext context, string rollout, RetryRequest? request, RolloutService rollouts, RolloutAdjustments adjustments, CancellationToken cancellation)
    {
        using var acting = context.Acting(request?.Reason);
        var found = await rollouts.FindAsync(rollout, cancellation);
        return ApiResult.Of(new RequestView(found.Id, RequestKind.Retry, await adjustments.RetryAsync(found, request?.Points ?? [], Caller.Of(context).Name, cancellation)));
    }
}
