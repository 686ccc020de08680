using Microsoft.AspNetCore.Http;

namespace DriftGuard.Dashboard.Asking;

/// <summary>The whole of answering a request in this process, which the page asks as a client on the network does.</summary>
internal sealed class ApiPipeline
{
    /// <summary>Answers a request.</summary>
    public RequestDelegate Answer { get; set; } = _ => throw new InvalidOperationException("the page is asked before the host is built");
}
