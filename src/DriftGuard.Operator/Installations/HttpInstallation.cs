using System.Net;
using DriftGuard.Core.Drift;
using DriftGuard.Operator.Reconciling;
using DriftGuard.Worker;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Api.Client;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Rollouts;
using Installed = DriftGuard.Core.Rollouts.Rollout;

namespace DriftGuard.Operator.Installations;

/// <summary>An installation by its management API.</summary>
/// <param name="client">Asks it.</param>
internal sealed class HttpInstallation(ManagementClient client) : IInstallation
{
    public async Task<ModelView?> ModelAsync(string name, CancellationToken cancellation) =>
        (await AskAsync(() => client.GetAsync<IReadOnlyList<ModelView>>($"models", cancellation))).FirstOrDefault(model => model.Name == name);

    public Task<CalibrationSetView?> SetAsync(string name, CancellationToken cancellation) =>
        FindAsync(() => client.GetAsync<CalibrationSetView>($"calibration-sets/{name}", cancellation));

    public async Task<IndexView?> IndexAsync(string name, CancellationToken cancellation) =>
        // From the list: an index that is broken is in it too, with its problem.
        (await AskAsync(() => client.GetAsync<IReadOnlyList<IndexView>>($"indexes", cancellation))).FirstOrDefault(index => index.Name == name);

    public Task<IReadOnlyList<Installed>> RolloutsAsync(string index, CancellationToken cancellation) =>
        AskAsync(() => client.GetAsync<IReadOnlyList<Installed>>($"rollouts", cancellation, null, ("index", index)));

    public Task<RolloutView> RolloutAsync(string id, CancellationToken cancellation) => AskAsync(() => client.GetAsync<RolloutView>($"rollouts/{id}", cancellation));

    public async Task<DriftReport?> ActAsync(OperatorAction action, CancellationToken cancellation)
    {
        switch (action)
        {
            case OperatorAction.CreateIndex(var request):
                await AskAsync(() => client.PostAsync<IndexView>($"indexes", request, cancellation, null, action.Key));
                return null;
            case OperatorAction.SetCalibrationSet(var index, var set):
                await AskAsync(() => client.PostAsync<IndexView>($"indexes/{index}/calibration-set", new CalibrationSetRequest(set), cancellation, null, action.Key));
                return null;
            case OperatorAction.DeleteIndex(var index):
                await AskAsync(() => client.DeleteAsync<ForgottenIndex>($"indexes/{index}", cancellation, null, action.Key, ("collections", "delete")));
                return null;
            case OperatorAction.StartRollout(var index, var request):
                await AskAsync(() => client.PostAsync<RolloutView>($"indexes/{index}/rollouts", request, cancellation, null, action.Key));
                return null;
            case OperatorAction.AskRollout(var id, var kind, var reason):
                var verb = kind.ToString().ToLowerInvariant();
                await AskAsync(() => client.PostAsync<RequestView>($"rollouts/{id}/{verb}", new ActionRequest(reason), cancellation, null, action.Key));
                return null;
            case OperatorAction.CheckDrift(var index, var detectors, _):
                return await AskAsync(() => client.PostAsync<DriftReport>($"indexes/{index}/drift/checks", new DriftCheckRequest(detectors.Count == 0 ? null : detectors), cancellation, DriftJson.Options, action.Key));
            default:
                throw new ArgumentException($"{action.Name} is nothing that an installation does", nameof(action));
        }
    }

    private static async Task<T?> FindAsync<T>(Func<Task<T>> ask)
        where T : class
    {
        try
        {
            return await AskAsync(ask);
        }
        catch (OperatorException missing) when (missing.Error == OperatorError.NotFound)
        {
            return null;
        }
    }

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (ManagementException failure) when (failure.IsTransient || failure.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            // A key that is wrong, or has expired, is no answer about the resource.
            throw new UnreachableException(failure.Message, failure);
        }
        catch (ManagementException refused)
        {
            throw new OperatorException(refused.Status == HttpStatusCode.NotFound ? OperatorError.NotFound : OperatorError.Refused, refused.Message);
        }
        catch (OperatorException failure) when (failure.Error is OperatorError.Unavailable or OperatorError.TooSlow || failure.Message == Idempotency.BeingWorkedOn)
        {
            throw new UnreachableException(failure.Message, failure);
        }
    }
}
