using System.Net;

namespace DriftGuard.Worker.Api.Client;

/// <summary>A server that could not be asked, or did not say by its kind why it refuses.</summary>
/// <param name="status">What it answered; null where nothing that can be read came.</param>
/// <param name="message">For people.</param>
/// <param name="hint">What to look at; null for nothing.</param>
/// <param name="inner">What lies below.</param>
public sealed class ManagementException(HttpStatusCode? status, string message, string? hint = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What was answered; null where nothing that can be read came.</summary>
    public HttpStatusCode? Status { get; } = status;

    /// <summary>What to look at.</summary>
    public string? Hint { get; } = hint;

    /// <summary>Whether the same may well go through later.</summary>
    public bool IsTransient => Status is null or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError;
}
