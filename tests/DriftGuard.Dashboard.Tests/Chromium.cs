using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(DriftGuard.Dashboard.Tests.Chromium))]

namespace DriftGuard.Dashboard.Tests;

/// <summary>The Chromium of this machine, started once for all tests.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    private static string? Executable => Environment.GetEnvironmentVariable("DRIFTGUARD_CHROMIUM") ?? Places.FirstOrDefault(File.Exists);

    public async ValueTask InitializeAsync()
    {
        if (Executable is not { } executable)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = executable,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        });
    }

    /// <summary>A window of its own, with nothing of any other; the test is skipped where there is no browser.</summary>
    public Task<IBrowserContext> WindowAsync(BrowserNewContextOptions options)
    {
        Assert.SkipWhen(_browser is null, "no Chromium is here: install it, or name it in DRIFTGUARD_CHROMIUM");
        return _browser.NewContextAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
