using System.Reflection;
using System.Security.Cryptography;
using DriftGuard.Worker.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DriftGuard.Dashboard.Hosting;

/// <summary>Style, script and icon: embedded, and kept by browsers as long as they are the same.</summary>
internal static class AssetRoutes
{
    private static readonly Dictionary<string, (byte[] Content, string Type, string Version)> Assets = new[]
    {
        // Reports have the same look, so that what is printed and what is on the page are one.
        Asset("dashboard.css", "text/css; charset=utf-8", HtmlPage.Style + Read("dashboard.css").Replace("/*dark*/", HtmlPage.Dark, StringComparison.Ordinal)),
        Asset("dashboard.js", "text/javascript; charset=utf-8", Read("dashboard.js")),
        Asset("icon.svg", "image/svg+xml", Read("icon.svg")),
    }.ToDictionary(asset => asset.Name, asset => (asset.Content, asset.Type, asset.Version), StringComparer.Ordinal);

    public static void Map(RouteGroupBuilder pages) => pages.MapGet("/assets/{name}", (string name, HttpContext context) =>
    {
        if (!Assets.TryGetValue(name, out var asset))
        {
            return Results.NotFound();
        }

        if (context.Request.Query["v"] == asset.Version)
        {
            context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        }

        return Results.Bytes(asset.Content, asset.Type);
    });

    /// <summary>The address of an asset, another one whenever it changes.</summary>
    public static string AddressOf(string name) => $"{DashboardHost.Root}/assets/{name}?v={Assets[name].Version}";

    private static (string Name, byte[] Content, string Type, string Version) Asset(string name, string type, string text)
    {
        var content = System.Text.Encoding.UTF8.GetBytes(text);
        return (name, content, type, Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8)));
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
