using Microsoft.Playwright;

namespace DriftGuard.Dashboard.Tests;

/// <summary>Every page of an installation in which something has happened, in a real browser.</summary>
public sealed class PageTests(Chromium chromium)
{
    private const string To = "all-minilm-l6-v2-int8";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public Task Every_page_is_there_without_barriers_and_shows_what_the_api_says(ColorScheme scheme) => Window.LookAsync(chromium, async window =>
    {
        await HappenAsync(window);
        string[] pages =
        [
            "/ui", "/ui/indexes/docs", "/ui/rollouts", "/ui/rollouts/docs-r1", "/ui/reports", $"/ui/drift/{await IdAsync(window, "/api/v1/drift/reports")}",
            $"/ui/evaluations/{await IdAsync(window, "/api/v1/evaluations")}", "/ui/audit", "/ui/sign-in",
        ];

        var barriers = new List<string>();
        foreach (var page in pages)
        {
            (await window.GoAsync(page)).ShouldBe(200, page);
            await window.KeepAsync($"{page[1..].Replace('/', '-').Split("-0")[0]}-{scheme}".ToLowerInvariant());
            barriers.AddRange((await window.BarriersAsync()).Select(barrier => $"{page}: {barrier}"));
            (await ShownNumbers.UnexplainedAsync(window)).ShouldBeEmpty($"{page} shows what no answer of the API has");
        }

        barriers.ShouldBeEmpty();
        (await window.GoAsync("/ui/indexes/nope")).ShouldBe(404);
        await window.SaysAsync("there is no index 'nope'");
        (await window.BarriersAsync()).ShouldBeEmpty();
    }, new()
    {
        ColorScheme = scheme,
    });

    [Fact]
    public Task A_rollout_is_followed_as_it_copies_without_a_reload() => Window.LookAsync(chromium, async window =>
    {
        (await window.Api.CallAsync("POST", "/api/v1/indexes/docs/rollouts", body: new { to = To, preflight = false })).Status.ShouldBe(200);
        await window.GoAsync("/ui/rollouts/docs-r1");
        await window.Page.EvaluateAsync("() => window.sameDocument = true");

        await window.Page.Locator("figcaption", new() { HasText = "Partitions in the order of their ids" }).WaitForAsync();
        await window.KeepAsync("ui-rollouts-copying");
        (await window.BarriersAsync()).ShouldBeEmpty();
        await window.Page.Locator("[aria-current=step]", new() { HasText = "awaiting approval" }).WaitForAsync();

        (await window.Page.EvaluateAsync<bool>("() => window.sameDocument === true")).ShouldBeTrue("the page was not loaded anew");
        (await window.Page.Locator("#live").TextContentAsync())!.ShouldStartWith("Live: as of");
    }, configure: options => options with
    {
        Rollout = options.Rollout with { PointsPerSecond = 60 },
    });

    [Fact]
    public Task What_somebody_types_stays_while_the_page_follows_changes() => Window.LookAsync(chromium, async window =>
    {
        await window.GoAsync("/ui/indexes/docs");
        var reason = window.Page.GetByRole(AriaRole.Form, new() { Name = "Take a baseline" }).GetByLabel("Reason, for the audit log");
        await reason.FillAsync("half a sentence");
        await window.Page.Locator("body[data-following=yes]").WaitForAsync();

        (await window.Api.CallAsync("POST", "/api/v1/indexes/docs/rollouts", body: new { to = To, preflight = false })).Status.ShouldBe(200);
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "docs-r1" }).WaitForAsync();

        (await reason.InputValueAsync()).ShouldBe("half a sentence");
        (await reason.EvaluateAsync<bool>("e => e === document.activeElement")).ShouldBeTrue();
    });

    [Fact]
    public Task The_keyboard_alone_reaches_everything_in_the_order_of_the_page() => Window.LookAsync(chromium, async window =>
    {
        await HappenAsync(window);
        await window.GoAsync("/ui/indexes/docs");
        await window.Page.Keyboard.PressAsync("Tab");
        (await FocusedAsync(window)).ShouldBe("Skip to the content");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.Page.WaitForFunctionAsync("() => location.hash === '#main'");

        // Everything that can be pressed or filled in is met by pressing Tab, once, from the first on.
        await window.GoAsync("/ui/indexes/docs");
        var wanted = await window.Page.EvaluateAsync<int>(
            "() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, [tabindex=\"0\"]')].filter(e => e.checkVisibility()).length");
        var met = await window.Page.EvaluateAsync<int>("() => { window.met = new Set(); document.addEventListener('focusin', e => window.met.add(e.target)); return window.met.size; }");
        met.ShouldBe(0);
        for (var i = 0; i < wanted; i++)
        {
            await window.Page.Keyboard.PressAsync("Tab");
        }

        (await window.Page.EvaluateAsync<int>("() => window.met.size")).ShouldBe(wanted);
    });

    [Fact]
    public Task The_theme_that_somebody_chose_holds_on_every_page() => Window.LookAsync(chromium, async window =>
    {
        await window.GoAsync("/ui");
        var light = await GroundAsync(window);
        await window.Page.GetByLabel("Theme").SelectOptionAsync("dark");
        var dark = await GroundAsync(window);

        dark.ShouldNotBe(light);
        await window.GoAsync("/ui/audit");
        (await GroundAsync(window)).ShouldBe(dark);
    }, new()
    {
        ColorScheme = ColorScheme.Light,
    });

    [Fact]
    public Task Without_scripts_pages_show_and_do_the_same() => Window.LookAsync(chromium, async window =>
    {
        await window.GoAsync("/ui/indexes/docs");
        await window.ActAsync("Take a baseline", "no scripts here");
        await window.SaysAsync("The baseline is taken");

        await window.GoAsync("/ui/audit");
        await window.SaysAsync("no scripts here");
    }, new()
    {
        JavaScriptEnabled = false,
    });

    [Fact]
    public Task A_text_that_would_be_markup_stays_a_text() => Window.LookAsync(chromium, async window =>
    {
        const string Hostile = "<img src=x onerror=\"document.title='owned'\"></script><script>document.title='owned'</script>";
        await window.GoAsync("/ui/indexes/docs");
        await window.ActAsync("Take a baseline", Hostile);
        await window.GoAsync("/ui/audit");

        await window.SaysAsync(Hostile);
        (await window.Page.TitleAsync()).ShouldBe("Audit log - DriftGuard");
    });

    /// <summary>Checks, evaluations and a rollout that waits for somebody.</summary>
    private static async Task HappenAsync(Window window)
    {
        foreach (var seed in new[] { 1, 2 })
        {
            (await window.Api.CallAsync("POST", "/api/v1/indexes/docs/drift/checks", body: new { seed })).Status.ShouldBe(200);
        }

        (await window.Api.CallAsync("POST", "/api/v1/indexes/docs/evaluations")).Status.ShouldBe(200);
        (await window.Api.CallAsync("POST", "/api/v1/indexes/docs/rollouts", body: new { to = To, preflight = false, reason = "a better model" })).Status.ShouldBe(200);
        while ((await window.Api.CallAsync("GET", "/api/v1/rollouts/docs-r1")).Body.GetProperty("rollout").GetProperty("phase").GetString() != "awaiting_approval")
        {
            await Task.Delay(100, Cancellation); // until the test's own time is over
        }
    }

    private static async Task<string> IdAsync(Window window, string address) => (await window.Api.CallAsync("GET", address)).Body[0].GetProperty("id").GetString()!;

    private static Task<string> FocusedAsync(Window window) => window.Page.EvaluateAsync<string>("() => document.activeElement.textContent");

    private static Task<string> GroundAsync(Window window) => window.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
}
