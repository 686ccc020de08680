using System.Net;
using System.Net.Sockets;

namespace DriftGuard.Testing.Network;

/// <summary>Ports of the loopback interface that nobody listens on.</summary>
public static class FreePort
{
    /// <summary>One of them, as of now.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
