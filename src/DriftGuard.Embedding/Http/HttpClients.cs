using System.Net;

namespace DriftGuard.Embedding.Http;

/// <summary>Makes the one HTTP client of a model.</summary>
internal static class HttpClients
{
    // Names of hosts that move are looked up again, although connections are kept.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    public static HttpClient Create()
    {
        var handler = new SocketsHttpHandler
        {
            // A redirect would carry the key, and the texts, to wherever the answer says.
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            PooledConnectionLifetime = ConnectionLifetime,
            UseCookies = false,
        };
        var client = new HttpClient(handler)
        {
            // Attempts have a limit of their own, which covers the body.
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        client.DefaultRequestHeaders.UserAgent.Add(new("DriftGuard", typeof(HttpClients).Assembly.GetName().Version?.ToString(3)));
        client.DefaultRequestHeaders.Accept.Add(new("application/json"));
        return client;
    }
}
