using System.Net;
using Microsoft.AspNetCore.Http;

namespace DriftGuard.Testing.Network;

/// <summary>One unary gRPC call, to be sent to Qdrant as often as the network pleases.</summary>
public sealed class ForwardedCall(HttpMessageInvoker upstream, Uri qdrant, HttpRequest request, byte[] body)
{
    private readonly string _path = request.Path;

    // Without the deadline: a network does not look into what it carries.
    private readonly (string Name, string? Value)[] _headers =
        [.. request.Headers.Where(header => header.Key is "te" or "TE" or "api-key" or "grpc-accept-encoding" or "User-Agent").Select(header => (header.Key, (string?)header.Value))];

    /// <summary>The gRPC method.</summary>
    public string Method => _path[(_path.LastIndexOf('/') + 1)..];

    /// <summary>Sends it and reads the whole answer.</summary>
    public async Task<HttpResponseMessage> SendAsync(CancellationToken cancellation)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(qdrant, _path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        message.Content.Headers.ContentType = new("application/grpc");
        foreach (var (name, value) in _headers)
            message.Headers.TryAddWithoutValidation(name, value);
        var answer = await upstream.SendAsync(message, cancellation);
        await answer.Content.LoadIntoBufferAsync(cancellation); // the trailers are there once the body is
        return answer;
    }

    /// <summary>Gives Qdrant's answer to the caller.</summary>
    public static async Task AnswerAsync(HttpContext context, HttpResponseMessage answer)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var header in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Content-Length" or "Transfer-Encoding")))
            context.Response.Headers[header.Key] = header.Value.ToArray();
        foreach (var trailer in answer.TrailingHeaders)
            context.Response.AppendTrailer(trailer.Key, trailer.Value.ToArray());
        await answer.Content.CopyToAsync(context.Response.Body);
    }
}
