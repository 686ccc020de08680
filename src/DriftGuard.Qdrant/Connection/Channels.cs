using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;

namespace DriftGuard.Qdrant.Connection;

/// <summary>Opens the one channel to an address, tuned for large batches in both directions.</summary>
internal static class Channels
{
    // HTTP/2 lets a sender run ahead of the reader by one window. A page of 1,000 points of 384 floats is 1.6 MB, so the default
    // of 64 KB would stall each page on round trips; this is the largest window that the handler allows.
    private const int StreamWindowBytes = 16 * 1024 * 1024;

    /// <summary>Connections to an address, trusted as the options say.</summary>
    public static SocketsHttpHandler Handler(QdrantOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = StreamWindowBytes,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            // A peer that vanished without closing is noticed while a call waits for it, not after the call's whole timeout.
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = TimeSpan.FromSeconds(20),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            UseProxy = false,
        };
        if (options.CaCertificateFile is not null)
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = TrustOnly(options.CaCertificateFile) };
        return handler;
    }

    public static GrpcChannel Open(QdrantOptions options) =>
        GrpcChannel.ForAddress(options.Address, new GrpcChannelOptions
        {
            // A client, not the handler: with the handler the channel adds a balancer with a backoff of its own, and calls would go on
            // failing for up to two minutes after Qdrant is back.
            HttpClient = new HttpClient(Handler(options), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan },
            DisposeHttpClient = true,
            // Pages and batches are sized by their callers; the transport's 4 MB would only cut them off.
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
            // Repeats are decided in one place, by what the operation allows.
            MaxRetryAttempts = null,
            ServiceConfig = null,
        });

    private static X509ChainPolicy TrustOnly(string caCertificateFile)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(caCertificateFile);
        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new InvalidOperationException($"the CA certificate file '{caCertificateFile}' holds no certificate: expected PEM");
    }
}
