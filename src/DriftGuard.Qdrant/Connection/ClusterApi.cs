using System.Globalization;
using System.Net;
using System.Text.Json;

namespace DriftGuard.Qdrant.Connection;

/// <summary>The one thing that only Qdrant's REST API tells: the peers of the cluster.</summary>
internal sealed class ClusterApi : IDisposable
{
    private const string Operation = "Get cluster";

    // It answers from memory; a port that nobody opened may swallow what is sent to it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly QdrantOptions _options;
    private readonly ApiKeySource _key;
    private readonly HttpClient _http;
    private readonly Uri? _address;

    public ClusterApi(QdrantOptions options)
    {
        _options = options;
        _key = new ApiKeySource(options);
        _http = new HttpClient(Channels.Handler(options), disposeHandler: true) { Timeout = Patience };
        _address = options.KnownRestAddress is { } rest ? new Uri(rest, "cluster") : null;
    }

    /// <summary>Ids and hosts of the peers; empty where there is no cluster.</summary>
    /// <exception cref="QdrantException">Nobody answers, or not with a cluster.</exception>
    public async Task<IReadOnlyList<(ulong Id, string Host)>> PeersAsync(CancellationToken cancellationToken)
    {
        if (_address is null)
            throw Failure(QdrantFailure.Other, "its REST port is not known", null);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _address);
            foreach (var header in _key.Headers ?? [])
                request.Headers.TryAddWithoutValidation(header.Key, header.Value);
            using var answer = await _http.SendAsync(request, cancellationToken);
            if (!answer.IsSuccessStatusCode)
                throw Failure(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? QdrantFailure.Unauthenticated : QdrantFailure.Other, $"it answers {(int)answer.StatusCode}", null);
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            using var json = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
            return Peers(json.RootElement);
        }
        catch (HttpRequestException exception)
        {
            throw Failure(QdrantFailure.Unreachable, exception.InnerException?.Message ?? exception.Message, exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure(QdrantFailure.Timeout, $"no answer within {Patience}", exception);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Failure(QdrantFailure.Other, "what answers there is no Qdrant", exception);
        }
    }

    public void Dispose() => _http.Dispose();

    private static List<(ulong, string)> Peers(JsonElement answer)
    {
        var result = answer.GetProperty("result");
        return result.GetProperty("status").GetString() == "disabled"
            ? []
            : [.. result.GetProperty("peers").EnumerateObject().Select(peer =>
                (ulong.Parse(peer.Name, CultureInfo.InvariantCulture), new Uri(peer.Value.GetProperty("uri").GetString()!).Host))];
    }

    private QdrantException Failure(QdrantFailure kind, string cause, Exception? inner) => new(
        $"{Operation} at {_address ?? _options.Address} failed: {cause}. It is Qdrant's REST port that is asked here, usually 6333: set qdrant.restAddress where it is another.", inner)
    {
        Kind = kind,
        Operation = Operation,
    };
}
