using DriftGuard.Operator.Cluster;
using DriftGuard.Operator.Installations;
using DriftGuard.Operator.Reconciling;
using DriftGuard.Operator.Resources;
using DriftGuard.Worker.Loops;
using k8s;
using k8s.LeaderElection;
using k8s.LeaderElection.ResourceLock;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Operator.Hosting;

/// <summary>Looks after the resources of a cluster for as long as this process has the lease; the others wait for it.</summary>
/// <param name="client">Asks the cluster.</param>
/// <param name="installation">The installation.</param>
/// <param name="settings">What is looked after.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where it says what it does.</param>
internal sealed partial class OperatorLoop(IKubernetes client, IInstallation installation, OperatorSettings settings, TimeProvider time, ILogger<OperatorLoop> log) : ILoop
{
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(2);

    public string Name => "operator";

    /// <summary>Whether this process has the lease.</summary>
    public bool Leads { get; private set; }

    public async Task RunAsync(CancellationToken stopping)
    {
        var retry = settings.LeaseDuration / 5 < RetryPeriod ? settings.LeaseDuration / 5 : RetryPeriod;
        using var elector = new LeaderElector(new LeaderElectionConfig(new LeaseLock(client, settings.LeaseNamespace, settings.LeaseName, settings.Identity))
        {
            LeaseDuration = settings.LeaseDuration,
            RenewDeadline = settings.LeaseDuration * 2 / 3,
            RetryPeriod = retry,
        });
        while (!stopping.IsCancellationRequested)
        {
            using var leading = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var work = Task.CompletedTask;
            void Begin()
            {
                Leads = true;
                LogLeads(log, settings.Identity);
                work = Task.Run(() => LookAfterAsync(leading.Token), CancellationToken.None);
                // Who cannot work must not keep the lease from another.
                _ = work.ContinueWith(_ => leading.Cancel(), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }

            elector.OnStartedLeading += Begin;
            try
            {
                await elector.RunUntilLeadershipLostAsync(leading.Token);
            }
            catch (OperationCanceledException) when (leading.IsCancellationRequested)
            {
                // The lease runs out by itself; whoever waits for it goes on from what it sees.
            }
            finally
            {
                elector.OnStartedLeading -= Begin;
                Leads = false;
                await leading.CancelAsync();
                await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (work.IsFaulted)
            {
                await work;
            }

            LogLost(log, settings.Identity);
        }
    }

    /// <summary>Looks after everything until it is cancelled; the same with a lease or without.</summary>
    internal async Task LookAfterAsync(CancellationToken cancellation)
    {
        var cluster = new KubernetesCluster(client, settings.Namespaces, settings.Identity, time);
        IReconciler[] reconcilers =
        [
            new ModelReconciler(cluster, installation, time), new SetReconciler(cluster, installation, time), new IndexReconciler(cluster, installation, time),
            new RolloutReconciler(cluster, installation, time), new CheckReconciler(cluster, installation, time),
        ];
        // A check takes minutes: each kind has a queue of its own.
        var queues = ResourceKind.All.ToDictionary(kind => kind, _ => new WorkQueue(time));
        var dependents = new Dependents(queues);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        List<Task> running =
        [
            .. from kind in ResourceKind.All
               from space in settings.Namespaces.Count == 0 ? [null] : settings.Namespaces.Cast<string?>()
               select new KindWatch(client, kind, space, dependents.Changed, time, log).RunAsync(ended.Token),
            .. from reconciler in reconcilers
               from _ in Enumerable.Range(0, settings.Workers)
               select WorkAsync(reconciler, queues[reconciler.Kind], dependents, ended.Token),
        ];
        await Task.WhenAny(running);
        await ended.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var failed in running.Where(task => task.IsFaulted))
        {
            await failed;
        }
    }

    private async Task WorkAsync(IReconciler reconciler, WorkQueue queue, Dependents dependents, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            ResourceKey key;
            try
            {
                key = await queue.TakeAsync(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }

            try
            {
                var again = await reconciler.ReconcileAsync(key, cancellation);
                queue.Done(key, again);
                if (again is null)
                {
                    dependents.Gone(key);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (ClusterException again) when (again.Error is ClusterError.Conflict or ClusterError.NotFound)
            {
                // Somebody has changed it meanwhile: it is looked at as it is now.
                queue.Done(key, Pace.AtOnce / 5);
            }
            catch (Exception failure)
            {
                LogFailed(log, key.ToString(), queue.Failed(key), failure);
            }
        }
    }

    [LoggerMessage(7001, LogLevel.Information, "{Identity} looks after the resources from now on")]
    private static partial void LogLeads(ILogger log, string identity);

    [LoggerMessage(7002, LogLevel.Information, "{Identity} does not look after the resources any more")]
    private static partial void LogLost(ILogger log, string identity);

    [LoggerMessage(7003, LogLevel.Warning, "{Resource} could not be looked after, and is again in {Pause}")]
    private static partial void LogFailed(ILogger log, string resource, TimeSpan pause, Exception failure);
}
