using System.Text.Json;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Limits;
using DriftGuard.State;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Rollouts.Copying.Pacing;
using DriftGuard.Worker.Telemetry.Tracing;

namespace DriftGuard.Worker.Rollouts;

/// <summary>Takes people's requests about a rollout that goes on: other limits, another try of parked texts.</summary>
public sealed class RolloutAdjustments(StateStore state, ModelPool models, DriftGuardOptions options)
{
    /// <summary>Asks for other limits; whoever copies the rollout follows within a second or two.</summary>
    /// <returns>The limits that are in force then.</returns>
    /// <exception cref="OperatorException">It makes no sense for where the rollout stands; the message says why.</exception>
    public async Task<RolloutLimits> ThrottleAsync(Rollout rollout, LimitChange change, string by, CancellationToken cancellation)
    {
        RolloutTrace.Link(rollout);
        RequireUnderWay(rollout, "limited");
        if (change.Values.Count == 0)
        {
            throw new OperatorException(OperatorError.Invalid, "nothing is to be changed: name a limit, such as --points-per-second 200");
        }

        if (change.Problem() is { } problem)
        {
            throw new OperatorException(OperatorError.Invalid, problem);
        }

        var limits = change.Over((await state.RequestsAsync(rollout.Id, cancellation)).Limits.Over(rollout.Settings.Limits));
        SpendingCap.RequirePrice(options.Models, models.Get(rollout.ToModel, rollout.ToFingerprint), limits.Money);
        await state.AddRequestAsync(rollout.Id, RequestKind.Throttle, by, change.ToJson(), cancellation);
        return limits;
    }

    /// <summary>Asks for another try of parked texts: a pass tries all that stand parked.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="points">The points that are meant; none for all.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The request's sequence, which <see cref="Rollout.RequestsSeen"/> reaches once it is taken into account.</returns>
    /// <exception cref="OperatorException">Nothing is parked, or not what was named.</exception>
    public async Task<long> RetryAsync(Rollout rollout, IReadOnlyList<string> points, string by, CancellationToken cancellation)
    {
        RolloutTrace.Link(rollout);
        RequireUnderWay(rollout, "retried");
        var parked = (await state.ParkedAsync(rollout.Id, cancellation)).Select(p => p.PointId).ToHashSet(StringComparer.Ordinal);
        if (parked.Count == 0)
        {
            throw new OperatorException(OperatorError.Conflict, $"no text of {rollout.Id} stands parked: there is nothing to try again");
        }

        var unknown = points.Where(point => !parked.Contains(point)).ToList();
        if (unknown.Count > 0)
        {
            throw new OperatorException(OperatorError.NotFound, $"{string.Join(", ", unknown)}: not among the parked texts of {rollout.Id}; 'driftguard rollout parked {rollout.Id}' lists them");
        }

        return await state.AddRequestAsync(rollout.Id, RequestKind.Retry, by, points.Count == 0 ? null : JsonSerializer.Serialize(new { points }, JsonSerializerOptions.Web), cancellation);
    }

    private static void RequireUnderWay(Rollout rollout, string what)
    {
        if (rollout.EndedAt is not null || rollout.Serving == Side.Green)
        {
            throw new OperatorException(OperatorError.Conflict,
                $"{rollout.Id} has {(rollout.EndedAt is not null ? "ended" : "cut over")} ({rollout.Phase}): there is nothing to be {what} any more");
        }
    }
}
