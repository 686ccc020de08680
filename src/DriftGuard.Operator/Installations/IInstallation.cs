using DriftGuard.Core.Drift;
using DriftGuard.Operator.Reconciling;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Rollouts;
using Installed = DriftGuard.Core.Rollouts.Rollout;

namespace DriftGuard.Operator.Installations;

/// <summary>The DriftGuard that is looked after, as its management API shows it. What it refuses is an <see cref="Worker.OperatorException"/>.</summary>
internal interface IInstallation
{
    /// <summary>A model by name; null where there is none.</summary>
    Task<ModelView?> ModelAsync(string name, CancellationToken cancellation);

    /// <summary>A calibration set by name; null where there is none.</summary>
    Task<CalibrationSetView?> SetAsync(string name, CancellationToken cancellation);

    /// <summary>An index by name, also one that is broken; null where there is none.</summary>
    Task<IndexView?> IndexAsync(string name, CancellationToken cancellation);

    /// <summary>The rollouts of an index, oldest first.</summary>
    Task<IReadOnlyList<Installed>> RolloutsAsync(string index, CancellationToken cancellation);

    /// <summary>A rollout in full.</summary>
    Task<RolloutView> RolloutAsync(string id, CancellationToken cancellation);

    /// <summary>Does something, once however often it is asked for under its key.</summary>
    /// <returns>The report of a check; null of anything else.</returns>
    /// <exception cref="Worker.OperatorException">It is refused.</exception>
    /// <exception cref="UnreachableException">The installation cannot be asked: it may have done it or not.</exception>
    Task<DriftReport?> ActAsync(OperatorAction action, CancellationToken cancellation);
}

/// <summary>The installation cannot be asked now.</summary>
/// <param name="message">For people.</param>
/// <param name="inner">What lies below.</param>
internal sealed class UnreachableException(string message, Exception? inner = null) : Exception(message, inner);
