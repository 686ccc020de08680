using System.Text;

namespace DriftGuard.Cli.Tests.Telemetry;

/// <summary>Requests with a body that is written out.</summary>
internal static class Requests
{
    /// <summary>Sends one, and tells the status that came back.</summary>
    public static async Task<int> PostAsync(this HttpClient client, string path, string body, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }
}
