using System.Net;
using DriftGuard.Cli.Tests.Api;
using DriftGuard.Core.Access;
using DriftGuard.Worker.Configuration;
using Microsoft.Playwright;

namespace DriftGuard.Dashboard.Tests;

/// <summary>Everything that can be done on the page, and by whom.</summary>
public sealed class ActionTests(Chromium chromium)
{
    private const string To = "all-minilm-l6-v2-int8";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task An_index_is_checked_scored_and_taken_as_a_baseline() => Window.LookAsync(chromium, async window =>
    {
        await window.GoAsync("/ui/indexes/docs");
        await window.ActAsync("Check for drift now", "before the holidays");
        await window.SaysAsync("The check is done.");
        await window.ActAsync("Score the calibration set now", null);
        await window.SaysAsync("The calibration set is scored.");
        await window.SaysAsync("Calibration metrics over time");
        await window.ActAsync("Take a baseline", "as it should be");
        await window.SaysAsync("The baseline is taken");

        await window.GoAsync("/ui/audit");
        await window.SaysAsync("as it should be");
        (await window.Api.CallAsync("GET", "/api/v1/drift/reports?index=docs")).Body.GetArrayLength().ShouldBe(2);
    });

    [Fact]
    public Task A_rollout_is_started_slowed_held_approved_and_taken_back() => Window.LookAsync(chromium, async window =>
    {
        await window.GoAsync("/ui/indexes/docs");
        await window.ActAsync("Start a rollout", "a better model", ("To the model", To));
        await window.SaysAsync("Rollout docs-r1 is started.");

        await window.GoAsync("/ui/rollouts/docs-r1");
        await window.ActAsync("Pause", "lunch");
        await StepAsync(window, "paused");
        await window.Page.GetByText("Change the limits").First.ClickAsync();
        await window.ActAsync("Change the limits", "faster", ("Points a second", ""), ("Partitions at a time", "3"));
        await window.SaysAsync("The limits are changed.");
        (await window.Api.CallAsync("GET", "/api/v1/rollouts/docs-r1")).Body.GetProperty("limits").GetProperty("concurrentPartitions").GetInt32().ShouldBe(3);
        await window.ActAsync("Resume", "back");
        await StepAsync(window, "awaiting approval");
        await window.SaysAsync("Paired differences");
        await window.ActAsync("Approve the cutover", "the team agrees");
        await window.SaysAsync("The cutover is approved.");
        await StepAsync(window, "soaking");
        (await window.Api.CallAsync("GET", "/api/v1/indexes/docs")).Body.GetProperty("model").GetString().ShouldBe(To);
        await window.KeepAsync("ui-rollouts-soaking");
        (await window.BarriersAsync()).ShouldBeEmpty();

        await window.ActAsync("Roll back", "customers complain");
        await StepAsync(window, "rolled back");
        (await window.Api.CallAsync("GET", "/api/v1/indexes/docs")).Body.GetProperty("model").GetString().ShouldBe("static-wordpiece-128");
        await window.SaysAsync("customers complain");
    }, configure: options => options with
    {
        Rollout = options.Rollout with { PointsPerSecond = 20 },
    });

    [Fact]
    public Task A_rollout_is_aborted_and_another_one_promoted() => Window.LookAsync(chromium, async window =>
    {
        await StartAsync(window.Api);
        await window.GoAsync("/ui/rollouts/docs-r1");
        await StepAsync(window, "awaiting approval");
        await window.ActAsync("Abort", "the wrong model");
        await StepAsync(window, "aborted");

        await StartAsync(window.Api);
        await window.GoAsync("/ui/rollouts/docs-r2");
        await StepAsync(window, "awaiting approval");
        await window.ActAsync("Approve the cutover", "fine");
        await StepAsync(window, "soaking");
        await window.ActAsync("Promote: end the soak", "seen enough");
        await StepAsync(window, "completed");
    });

    [Fact]
    public Task A_refusal_of_the_api_is_said_on_the_page() => Window.LookAsync(chromium, async window =>
    {
        await StartAsync(window.Api);
        await window.GoAsync("/ui/indexes/docs");
        await window.ActAsync("Start a rollout", "again", ("To the model", To));

        await window.SaysAsync("That did not work");
        (await window.BarriersAsync()).ShouldBeEmpty();
        (await window.Api.CallAsync("GET", "/api/v1/rollouts")).Body.GetArrayLength().ShouldBe(1);
    });

    [Fact]
    public Task Who_has_not_signed_in_sees_nothing_and_is_asked() => Window.LookAsync(chromium, async window =>
    {
        await window.GoAsync("/ui/indexes/docs");
        new Uri(window.Page.Url).AbsolutePath.ShouldBe("/ui/sign-in");
        (await window.Page.ContentAsync()).ShouldNotContain("static-wordpiece-128");
        await window.Page.GetByLabel("API key").FillAsync("dg_nobody_knows_this_key");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await window.SaysAsync("No API key opens with this");
        (await window.BarriersAsync()).ShouldBeEmpty();
        await window.GoAsync("/ui/indexes/docs");

        await window.Page.GetByLabel("API key").FillAsync(await window.Api.KeyAsync("viewer", ManagementRole.Viewer));
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await window.Page.WaitForURLAsync("**/ui/indexes/docs");
        await window.SaysAsync("viewer, viewer");
        (await window.Page.GetByRole(AriaRole.Button, new() { Name = "Check for drift now" }).CountAsync()).ShouldBe(0, "a viewer is offered nothing that they may not do");
        var cookie = (await window.Context.CookiesAsync()).ShouldHaveSingleItem();
        (cookie.HttpOnly, cookie.SameSite, cookie.Path, cookie.Expires).ShouldBe((true, SameSiteAttribute.Strict, "/ui", -1f));
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await window.GoAsync("/ui");
        new Uri(window.Page.Url).AbsolutePath.ShouldBe("/ui/sign-in");
    }, configure: Closed);

    [Fact]
    public Task The_page_does_nothing_that_its_user_may_not() => Window.LookAsync(chromium, async window =>
    {
        var viewer = await window.Api.KeyAsync("viewer", ManagementRole.Viewer);
        (string, string)[] ours = [("Origin", window.Api.Address), ("Sec-Fetch-Site", "same-origin")];

        foreach (var path in new[] { "/ui/indexes/docs/drift/checks", "/ui/indexes/docs/drift/baselines", "/ui/indexes/docs/evaluations", "/ui/indexes/docs/rollouts", "/ui/rollouts/docs-r1/abort" })
        {
            (await PostAsync(window.Api, path, viewer, ours)).ShouldBe(HttpStatusCode.Forbidden, path);
            (await PostAsync(window.Api, path, null, ours)).ShouldBe(HttpStatusCode.Unauthorized, path);
        }
    }, configure: Closed);

    [Theory]
    [InlineData("https://elsewhere.example", "cross-site")]
    [InlineData("null", "cross-site")]
    [InlineData(null, null)]
    public Task A_form_of_another_site_does_nothing(string? origin, string? site) => Window.LookAsync(chromium, async window =>
    {
        var headers = new[] { ("Origin", origin), ("Sec-Fetch-Site", site) }.Where(header => header.Item2 is not null).Select(header => (header.Item1, header.Item2!)).ToArray();

        foreach (var path in new[] { "/ui/indexes/docs/drift/baselines", "/ui/sign-in", "/ui/sign-out" })
        {
            (await PostAsync(window.Api, path, null, headers)).ShouldBe(HttpStatusCode.Forbidden, path);
        }
    });

    private static DriftGuardOptions Closed(DriftGuardOptions options) => options with
    {
        Security = ApiInstallation.Closed,
    };

    private static async Task StartAsync(ApiInstallation api) =>
        (await api.CallAsync("POST", "/api/v1/indexes/docs/rollouts", body: new { to = To, preflight = false })).Status.ShouldBe(200);

    private static Task StepAsync(Window window, string phase) => window.Page.Locator("[aria-current=step]", new() { HasText = phase }).WaitForAsync();

    private static async Task<HttpStatusCode> PostAsync(ApiInstallation api, string path, string? key, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([new("reason", "test"), new("to", To)]) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Headers.Authorization = key is null ? null : new("Bearer", key);
        using var answer = await api.Client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }
}
