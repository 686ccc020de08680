using Deque.AxeCore.Playwright;
using DriftGuard.Cli.Tests.Api;
using DriftGuard.Core.Access;
using DriftGuard.Worker.Configuration;
using Microsoft.Playwright;

namespace DriftGuard.Dashboard.Tests;

/// <summary>A window in which somebody looks at the page of a served installation.</summary>
internal sealed class Window(ApiInstallation api, IBrowserContext context, IPage page)
{
    private static readonly string Screenshots = Directory.CreateDirectory(Path.Join(AppContext.BaseDirectory, "screenshots")).FullName;

    // Protection against hanging: nothing here takes nearly as long.
    private const float LongestMilliseconds = 180_000;

    public ApiInstallation Api { get; } = api;

    public IPage Page { get; } = page;

    public IBrowserContext Context { get; } = context;

    /// <summary>What the page asked of other places than the server.</summary>
    public List<string> Elsewhere { get; } = [];

    /// <summary>What the browser complained of.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Serves the checked index while somebody looks at it.</summary>
    public static Task LookAsync(
        Chromium chromium, Func<Window, Task> look, BrowserNewContextOptions? options = null, Func<DriftGuardOptions, DriftGuardOptions>? configure = null) =>
        ApiInstallation.RunAsync(async api =>
        {
            options = new(options ?? new())
            {
                BaseURL = api.Address,
                ViewportSize = new()
                {
                    Width = 1280,
                    Height = 900,
                },
            };
            await using var context = await chromium.WindowAsync(options);
            context.SetDefaultTimeout(LongestMilliseconds);
            var window = new Window(api, context, await context.NewPageAsync());
            window.Page.Request += (_, request) =>
            {
                if (!request.Url.StartsWith(api.Address, StringComparison.Ordinal))
                {
                    window.Elsewhere.Add(request.Url);
                }
            };
            window.Page.PageError += (_, error) => window.Complaints.Add(error);
            window.Page.Console += (_, said) =>
            {
                // A page of a refusal has its status, which the browser mentions.
                if (said.Type == "error" && !said.Text.Contains("the server responded with a status", StringComparison.Ordinal))
                {
                    window.Complaints.Add(said.Text);
                }
            };
            window.Page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
            await look(window);
            window.Elsewhere.ShouldBeEmpty("a page works without anything from elsewhere");
            window.Complaints.ShouldBeEmpty();
        }, configure);

    /// <summary>Goes to a page.</summary>
    public async Task<int> GoAsync(string address) => (await Page.GotoAsync(address))!.Status;

    /// <summary>Fills in a form by the label of its button, and sends it.</summary>
    public async Task ActAsync(string button, string? reason, params (string Label, string Value)[] fields)
    {
        var form = Page.GetByRole(AriaRole.Form, new() { Name = button, Exact = true });
        if (reason is not null)
        {
            await form.GetByLabel("Reason, for the audit log").FillAsync(reason);
        }

        foreach (var (label, value) in fields)
        {
            var field = form.GetByLabel(label);
            if (await field.EvaluateAsync<string>("e => e.tagName") == "SELECT")
            {
                await field.SelectOptionAsync(value);
            }
            else
            {
                await field.FillAsync(value);
            }
        }

        await form.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        await Page.WaitForLoadStateAsync(LoadState.DOMContentLoaded);
    }

    /// <summary>Waits until the page says something.</summary>
    public Task SaysAsync(string text) => Page.GetByText(text).First.WaitForAsync();

    /// <summary>Keeps what the page looks like.</summary>
    public Task KeepAsync(string name) => Page.ScreenshotAsync(new()
    {
        Path = Path.Join(Screenshots, $"{name}.png"),
        FullPage = true,
    });

    /// <summary>What axe finds on the page that keeps people out.</summary>
    public async Task<IReadOnlyList<string>> BarriersAsync() =>
    [
        .. (await Page.RunAxe()).Violations.Where(found => found.Impact is "serious" or "critical")
            .Select(found => $"{found.Id}: {found.Help}: {string.Join(" | ", found.Nodes.Take(3).Select(node => node.Html))}"),
    ];

    /// <summary>Makes a key and signs in with it.</summary>
    public async Task<string> SignInAsync(ManagementRole role)
    {
        var key = await Api.KeyAsync($"{role}", role);
        await GoAsync("/ui/sign-in");
        await Page.GetByLabel("API key").FillAsync(key);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Page.WaitForURLAsync("**/ui");
        return key;
    }
}
