using DriftGuard.Core.Access;
using DriftGuard.State;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Drift.Enrolment;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace DriftGuard.Worker.Api;

/// <summary>Models, and what they were when they were fingerprinted.</summary>
internal static class ModelEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/models", List).Named("ListModels", "List the models that can be named").Requires(Right.View);
        api.MapGet("/fingerprints", FingerprintsAsync).Named("ListFingerprints", "List the models that were measured, with the members of their specs and the digests of their files")
            .Requires(Right.View);
        api.MapGet("/fingerprints/{fingerprint}", FingerprintAsync).Named("GetFingerprint", "Show what a model was when it was measured, with its probes' noise").Requires(Right.View);
    }

    private static ApiResult<IReadOnlyList<ModelView>> List(DriftGuardOptions options) => ApiResult.Of(ModelView.Find(options.Models));

    private static async Task<ApiResult<IReadOnlyList<FingerprintView>>> FingerprintsAsync(StateStore state, CancellationToken cancellation) =>
        ApiResult.Of<IReadOnlyList<FingerprintView>>([.. (await state.ListEnrolmentsAsync(cancellation)).Select(FingerprintView.Of)]);

    private static async Task<ApiResult<FingerprintView>> FingerprintAsync(string fingerprint, StateStore state, CancellationToken cancellation) =>
        ApiResult.Of(FingerprintView.Of(await state.FindEnrolmentAsync(fingerprint, cancellation)
            ?? throw new OperatorException(OperatorError.NotFound, "no model of this fingerprint was ever measured; GET /api/v1/fingerprints lists those that were")));
}
