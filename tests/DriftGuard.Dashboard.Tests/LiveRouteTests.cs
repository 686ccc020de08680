using DriftGuard.Cli.Tests.Api;

namespace DriftGuard.Dashboard.Tests;

/// <summary>What a page may follow, and what nobody may.</summary>
public sealed class LiveRouteTests
{
    [Fact]
    public Task What_is_no_part_of_the_api_and_too_much_of_it_cannot_be_followed() => ApiInstallation.RunAsync(async api =>
    {
        string[] refused =
        [
            "/ui/live", "/ui/live?api=/api/v1/indexes", "/ui/live?tag=x", "/ui/live?api=/health/ready&tag=x", "/ui/live?api=https://elsewhere.example/api/v1/indexes&tag=x",
            $"/ui/live?{string.Join('&', Enumerable.Repeat("api=/api/v1/indexes&tag=x", 25))}",
        ];

        foreach (var address in refused)
        {
            var (status, problem) = await api.CallAsync("GET", address);
            (status, problem.GetProperty("detail").GetString()).ShouldBe((400, "expected api, and tag beside it, from 1 to 24 times, each api below /api/v1/"), address);
        }
    });

    [Fact]
    public Task Style_script_and_icon_are_kept_by_browsers_until_they_change() => ApiInstallation.RunAsync(async api =>
    {
        var page = await (await api.SendAsync("GET", "/ui")).Content.ReadAsStringAsync();
        foreach (var name in new[] { "dashboard.css", "dashboard.js", "icon.svg" })
        {
            var begin = page.IndexOf($"/ui/assets/{name}?v=", StringComparison.Ordinal);
            begin.ShouldBeGreaterThan(0, name);
            using var asset = await api.SendAsync("GET", page[begin..page.IndexOf('"', begin)]);
            asset.Headers.CacheControl!.ToString().ShouldContain("max-age=31536000");
            using var other = await api.SendAsync("GET", $"/ui/assets/{name}?v=another");
            other.Headers.CacheControl!.NoStore.ShouldBeTrue("an address of another version brings this one, and is not kept");
        }

        (await api.CallAsync("GET", "/ui/assets/..%2Fappsettings.json")).Status.ShouldBe(404);
    });
}
