using System.Globalization;
using DriftGuard.Core.Rollouts;
using DriftGuard.Operator.Resources;
using k8s.Models;
using Installed = DriftGuard.Core.Rollouts.Rollout;
using Rollout = DriftGuard.Operator.Resources.Rollout;

namespace DriftGuard.Operator.Reconciling;

/// <summary>The model that serves, and the one that is declared.</summary>
internal static partial class IndexDecider
{
    private const int ShortFingerprint = 8;

    private static Decision<EmbeddingIndexStatus> InSync(IndexSeen seen, EmbeddingIndexStatus status, DateTimeOffset now)
    {
        var target = status.Target!;
        var decision = seen switch
        {
            _ when seen.Model!.Status.Fingerprint != target.Fingerprint => Stalled(seen, status, now, Reasons.FingerprintChanged,
                $"model '{target.Model}' of the installation is another one than was declared: it has fingerprint {seen.Model.Status.Fingerprint}, and had {target.Fingerprint}. "
                + "Bring the model back, name another, or let spec.onDivergence: Repair re-embed the index"),
            { Open: { } open } => UnderWay(seen, status, open, now),
            _ when seen.Index!.Fingerprint == target.Fingerprint => Ready(seen, status, now, Reasons.InSync, $"{target.Model} serves from {seen.Index.Collection}", Pace.Settled),
            _ => OutOfSync(seen, status, now),
        };
        return seen.Open is { } found && seen.DeclarationOf(found) is null ? decision.And(new OperatorAction.DeclareRollout(Mirror(seen, found))) : decision;
    }

    private static Decision<EmbeddingIndexStatus> UnderWay(IndexSeen seen, EmbeddingIndexStatus status, Installed open, DateTimeOffset now)
    {
        var target = status.Target!;
        var what = $"rollout {open.Id} to {open.ToModel}: {open.Message}";
        if (open.ToFingerprint == target.Fingerprint)
        {
            return open switch
            {
                { Phase: RolloutPhase.Soaking } => Ready(seen, status, now, Reasons.Soaking, what, Pace.UnderWay),
                { Phase: RolloutPhase.Paused } => Stalled(seen, status, now, Reasons.RolloutBlocked, what),
                { Phase: RolloutPhase.AwaitingApproval } => Waiting(seen, status, now, Reasons.AwaitingApproval, what),
                _ => Waiting(seen, status, now, Reasons.RolloutInProgress, what),
            };
        }

        var declared = seen.DeclarationOf(open);
        var ours = declared is not null && declared.FoundId is null;
        var message = ours ? $"rollout {open.Id} to {open.ToModel} is superseded: {target.Model} is declared" : $"rollout {open.Id} to {open.ToModel} was started past the resource, and {target.Model} is declared";
        var serves = seen.Index!.Fingerprint == target.Fingerprint;
        if (!ours && seen.Resource.Spec.OnDivergence == OnDivergence.Report)
        {
            return serves ? Ready(seen, status, now, Reasons.Diverged, message, Pace.UnderWay) : Stalled(seen, status, now, Reasons.Diverged, message);
        }

        RequestKind? kind = open switch
        {
            { Phase: RolloutPhase.RollingBack or RolloutPhase.CuttingOver } => null,
            { Serving: Side.Blue } => RequestKind.Abort,
            _ when open.FromFingerprint == target.Fingerprint => RequestKind.Rollback,
            _ => null,
        };
        return kind is { } asked
            ? Wish(seen, status, now, new OperatorAction.AskRollout(open.Id, asked, message), ours ? Reasons.Superseded : Reasons.Repairing, message, open.Id)
            : Waiting(seen, status, now, Reasons.Waiting, $"{message}; it has to end first ({open.Phase})");
    }

    /// <summary>Another model serves than is declared, and nothing is under way.</summary>
    private static Decision<EmbeddingIndexStatus> OutOfSync(IndexSeen seen, EmbeddingIndexStatus status, DateTimeOffset now)
    {
        var target = status.Target!;
        var message = $"{seen.Index!.Model} serves, and {target.Model} is declared";
        var attempts = seen.Declared
            .Where(declared => declared.FoundId is null && declared.Spec.Fingerprint == target.Fingerprint && declared.Spec.IndexGeneration == target.Generation)
            .OrderBy(declared => declared.Metadata.CreationTimestamp).ThenBy(declared => declared.Metadata.Name.Length).ThenBy(declared => declared.Metadata.Name, StringComparer.Ordinal).ToList();
        return attempts switch
        {
            [] when !target.Reached => Declare(seen, status, 0, now, Reasons.ModelChanged, message),
            [] => Diverged(seen, status, 0, now, $"{message}: it was changed past the resource"),
            [.., var last] when seen.StartedFor(last) is null => Starting(seen, status, last, now),
            [.., var last] => Ended(seen, status, last, seen.StartedFor(last)!, attempts.Count, now),
        };
    }

    private static Decision<EmbeddingIndexStatus> Starting(IndexSeen seen, EmbeddingIndexStatus status, Rollout declared, DateTimeOffset now) =>
        declared.Status.Conditions.FirstOrDefault(condition => condition.Type == Condition.Stalled) is { Status: ConditionStatus.True } stalled
            ? Stalled(seen, status with { Rollout = declared.Metadata.Name }, now, stalled.Reason, $"Rollout {declared.Metadata.Name}: {stalled.Message}")
            : Waiting(seen, status with { Rollout = declared.Metadata.Name }, now, Reasons.RolloutStarting, $"Rollout {declared.Metadata.Name} is being started");

    private static Decision<EmbeddingIndexStatus> Ended(IndexSeen seen, EmbeddingIndexStatus status, Rollout declared, Installed rollout, int attempts, DateTimeOffset now)
    {
        var what = $"rollout {rollout.Id} to {rollout.ToModel}: {rollout.Message}";
        var again = $"Change the resource, or delete Rollout {declared.Metadata.Name} to try again";
        return rollout switch
        {
            { Phase: RolloutPhase.Failed } => Stalled(seen, status, now, Reasons.RolloutFailed, $"{what}. {again}"),
            // It went back by itself: a repair would only do the same again.
            { Phase: RolloutPhase.RolledBack, LastSoakCheck.Breach: true } => Stalled(seen, status, now, Reasons.RolledBack, $"{what}. {again}"),
            { Phase: RolloutPhase.RolledBack } when declared.Spec.Desired == DesiredRollout.RolledBack => Stalled(seen, status, now, Reasons.RolledBack, $"{what}, as Rollout {declared.Metadata.Name} says. {again}"),
            { Phase: RolloutPhase.Aborted } when declared.Spec.Desired is DesiredRollout.Aborted or DesiredRollout.RolledBack =>
                Stalled(seen, status, now, Reasons.Aborted, $"{what}, as Rollout {declared.Metadata.Name} says. {again}"),
            _ => Diverged(seen, status, attempts, now, $"{seen.Index!.Model} serves, and {status.Target!.Model} is declared: {what}, past the resource"),
        };
    }

    private static Decision<EmbeddingIndexStatus> Diverged(IndexSeen seen, EmbeddingIndexStatus status, int attempts, DateTimeOffset now, string message) =>
        seen.Resource.Spec.OnDivergence == OnDivergence.Repair
            ? Declare(seen, status, attempts, now, Reasons.Repairing, message)
            : Stalled(seen, status, now, Reasons.Diverged, message);

    private static Decision<EmbeddingIndexStatus> Declare(IndexSeen seen, EmbeddingIndexStatus status, int attempts, DateTimeOffset now, string reason, string message)
    {
        var (resource, target) = (seen.Resource, status.Target!);
        var name = string.Create(CultureInfo.InvariantCulture, $"{resource.Metadata.Name}-{target.Fingerprint[..ShortFingerprint]}-g{target.Generation}{(attempts == 0 ? "" : $"-{attempts + 1}")}");
        var rollout = New(seen, name, Rollout.OfResource, new()
        {
            IndexRef = new() { Name = resource.Metadata.Name },
            Model = target.Model,
            Fingerprint = target.Fingerprint,
            IndexGeneration = target.Generation,
            Approval = resource.Spec.Rollout.Approval,
            Preflight = resource.Spec.Rollout.Preflight,
            OverBudget = resource.Spec.Rollout.OverBudget,
        });
        return Wish(seen, status, now, new OperatorAction.DeclareRollout(rollout), reason, message, name);
    }

    /// <summary>A rollout that was started past the resources, as one of them: it is seen, and can be steered.</summary>
    private static Rollout Mirror(IndexSeen seen, Installed found) =>
        New(seen, NameOf(found.Id), Rollout.OfInstallation, new()
        {
            IndexRef = new() { Name = seen.Resource.Metadata.Name },
            Model = found.ToModel,
            Fingerprint = found.ToFingerprint,
            Id = found.Id,
            Approval = found.Settings.RequireApproval ? Approval.Manual : Approval.Automatic,
            Preflight = found.Settings.Preflight,
        });

    private static Rollout New(IndexSeen seen, string name, string origin, RolloutSpec spec) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = name,
            NamespaceProperty = seen.Resource.Metadata.NamespaceProperty,
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [Rollout.OriginLabel] = origin, [Rollout.IndexLabel] = seen.Resource.Metadata.Name },
            OwnerReferences =
            [
                new V1OwnerReference
                {
                    ApiVersion = ResourceKind.ApiVersion,
                    Kind = ResourceKind.EmbeddingIndex.Kind,
                    Name = seen.Resource.Metadata.Name,
                    Uid = seen.Resource.Metadata.Uid,
                    Controller = true,
                },
            ],
        },
        Spec = spec,
    };

    /// <summary>A name as Kubernetes takes it.</summary>
    private static string NameOf(string id) => string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-')).Trim('-');
}
