using System.Net;

namespace DriftGuard.Client;

/// <summary>The gateway refused a request. The message is its own, and says what to do.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="message">For people.</param>
public sealed class DriftGuardException(HttpStatusCode status, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; } = status;
}
