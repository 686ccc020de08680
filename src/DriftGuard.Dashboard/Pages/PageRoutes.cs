using DriftGuard.Core.Access;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Rollouts;
using DriftGuard.Dashboard.Asking;
using DriftGuard.Dashboard.Parts;
using DriftGuard.State;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Calibration.Thresholds;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Drift.Baselines;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Rollouts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace DriftGuard.Dashboard.Pages;

/// <summary>The pages, each with what it asks of the API.</summary>
internal static class PageRoutes
{
    private const int Checks = 120, Evaluations = 60, Listed = 50;

    public static void Map(RouteGroupBuilder pages)
    {
        Map<OverviewPage, OverviewModel>(pages, "", (api, _) => OverviewAsync(api));
        Map<IndexPage, IndexModel>(pages, "/indexes/{index}", IndexAsync);
        Map<RolloutsPage, IReadOnlyList<Rollout>>(pages, "/rollouts", async (api, _) => [.. (await api.GetAsync<IReadOnlyList<Rollout>>($"rollouts")).Reverse()]);
        Map<RolloutPage, RolloutModel>(pages, "/rollouts/{rollout}", RolloutAsync);
        Map<ReportsPage, ReportsModel>(pages, "/reports", (api, _) => ReportsAsync(api));
        Map<DriftPage, DriftReport>(pages, "/drift/{report}", (api, report) => api.GetAsync<DriftReport>($"drift/reports/{report}", DriftJson.Options));
        Map<EvaluationPage, EvaluationReport>(pages, "/evaluations/{evaluation}", (api, evaluation) => api.GetAsync<EvaluationReport>($"evaluations/{evaluation}", EvaluationJson.Options));
        Map<AuditPage, IReadOnlyList<AuditEvent>>(pages, "/audit", (api, _) => api.GetAsync<IReadOnlyList<AuditEvent>>($"audit"));
    }

    /// <summary>A page, and how what it shows is read: by the one name in its address.</summary>
    private static void Map<TPage, TModel>(RouteGroupBuilder pages, string path, Func<PageApi, string, Task<TModel>> read)
        where TPage : PageOf<TModel>
    {
        RequestDelegate answer = async context =>
        {
            var page = await PageAsync<TPage, TModel>(context, read);
            await page.ExecuteAsync(context);
        };
        pages.MapGet(path, answer);
    }

    private static async Task<IResult> PageAsync<TPage, TModel>(HttpContext context, Func<PageApi, string, Task<TModel>> read)
        where TPage : PageOf<TModel>
    {
        try
        {
            var api = PageApi.Of(context);
            var model = await read(api, context.Request.RouteValues.Values.OfType<string>().FirstOrDefault() ?? "");
            return new RazorComponentResult<TPage>(new
            {
                Model = model,
                Frame = await Frame.OfAsync(context, api),
            });
        }
        catch (ApiRefusedException refused)
        {
            return PageFailures.Of(context, refused);
        }
    }

    private static async Task<OverviewModel> OverviewAsync(PageApi api) => new(
        await api.GetAsync<IReadOnlyList<IndexView>>($"indexes"), await api.GetAsync<IReadOnlyList<LatestDriftVerdict>>($"drift/verdicts"), await api.GetAsync<IReadOnlyList<Rollout>>($"rollouts"));

    private static async Task<IndexModel> IndexAsync(PageApi api, string index)
    {
        var view = await api.GetAsync<IndexView>($"indexes/{index}");
        var verdicts = await api.GetAsync<IReadOnlyList<LatestDriftVerdict>>($"drift/verdicts?index={index}");
        var histories = new List<(Detector Detector, IReadOnlyList<DriftHistoryEntry> Entries)>();
        foreach (var detector in Enum.GetValues<Detector>())
        {
            histories.Add((detector, await api.GetAsync<IReadOnlyList<DriftHistoryEntry>>($"indexes/{index}/drift/{DriftJson.Word(detector)}?limit={Checks}")));
        }

        var measured = verdicts.FirstOrDefault(verdict => verdict.Detector == DriftJson.Word(Detector.Model));
        return new(
            view, verdicts, histories, await api.GetAsync<IReadOnlyList<DriftThreshold>>($"indexes/{index}/drift/thresholds"),
            measured is null ? null : (await api.FindAsync<DriftReport>($"drift/reports/{measured.ReportId}", DriftJson.Options))?.Of(Detector.Model),
            await api.GetAsync<IReadOnlyList<EvaluationFiguresView>>($"indexes/{index}/evaluations/figures?limit={Evaluations}"),
            await api.GetAsync<IReadOnlyList<Rollout>>($"rollouts?index={index}"), await api.GetAsync<IReadOnlyList<ListedBaseline>>($"indexes/{index}/drift/baselines"),
            await api.FindAsync<ServedThresholds>($"indexes/{index}/thresholds", ThresholdJson.Options), await api.GetAsync<IReadOnlyList<BridgeState>>($"indexes/{index}/bridges", EvaluationJson.Options),
            await api.GetAsync<IReadOnlyList<ModelView>>($"models"));
    }

    private static async Task<RolloutModel> RolloutAsync(PageApi api, string rollout)
    {
        var view = await api.GetAsync<RolloutView>($"rollouts/{rollout}");
        return new(view, await api.GetAsync<IReadOnlyList<PartitionView>>($"rollouts/{view.Rollout.Id}/partitions"), await api.GetAsync<IReadOnlyList<AuditEvent>>($"audit?rollout={view.Rollout.Id}&limit={Listed}"));
    }

    private static async Task<ReportsModel> ReportsAsync(PageApi api) => new(
        await api.GetAsync<IReadOnlyList<DriftReportEntry>>($"drift/reports?limit={Listed}"), await api.GetAsync<IReadOnlyList<EvaluationEntry>>($"evaluations?limit={Listed}"));
}
