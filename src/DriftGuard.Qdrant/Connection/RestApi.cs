using System.Globalization;
using System.Net;
using System.Text.Json;

namespace DriftGuard.Qdrant.Connection;

/// <summary>What only Qdrant's REST API does: it tells the peers of the cluster, and serves and takes the files of snapshots.</summary>
internal sealed class RestApi : IDisposable
{
    // The cluster is answered from memory; a port that nobody opened may swallow what is sent to it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // Between two pieces of a file: a disk that is busy, not a server that is gone.
    private static readonly TimeSpan PatienceForMore = TimeSpan.FromMinutes(1);

    // A server takes what it was sent apart before it answers.
    private static readonly TimeSpan PatienceForUpload = TimeSpan.FromHours(1);
    private const int PieceBytes = 1 << 20;

    private readonly QdrantOptions _options;
    private readonly ApiKeySource _key;
    private readonly HttpClient _http;
    private readonly Uri? _address;

    public RestApi(QdrantOptions options)
    {
        _options = options;
        _key = new ApiKeySource(options);
        _http = new HttpClient(Channels.Handler(options), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        _address = options.KnownRestAddress;
    }

    /// <summary>Ids and hosts of the peers; empty where there is no cluster.</summary>
    /// <exception cref="QdrantException">Nobody answers, or not with a cluster.</exception>
    public Task<IReadOnlyList<(ulong Id, string Host)>> PeersAsync(CancellationToken cancellationToken)
    {
        const string Operation = "Get cluster";
        return _address is null
            ? throw Failure(Operation, _options.Address, QdrantFailure.Other, "its REST port is not known", null)
            : AskAsync<IReadOnlyList<(ulong, string)>>(Operation, new(HttpMethod.Get, new Uri(_address, "cluster")), Patience, async (answer, patience) =>
            {
                await using var body = await answer.Content.ReadAsStreamAsync(patience.Token);
                using var json = await JsonDocument.ParseAsync(body, cancellationToken: patience.Token);
                return Peers(json.RootElement);
            }, cancellationToken);
    }

    /// <summary>Copies the file of a snapshot.</summary>
    /// <returns>Bytes copied.</returns>
    /// <exception cref="QdrantException">There is none, or it stopped to come.</exception>
    public Task<long> DownloadAsync(string collection, string snapshot, Stream to, CancellationToken cancellationToken) =>
        AskAsync("Download snapshot", FileRequest(HttpMethod.Get, collection, Uri.EscapeDataString(snapshot)), PatienceForMore, async (answer, patience) =>
        {
            await using var body = await answer.Content.ReadAsStreamAsync(patience.Token);
            var (buffer, copied) = (new byte[PieceBytes], 0L);
            while (await body.ReadAsync(buffer, patience.Token) is > 0 and var read)
            {
                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                copied += read;
                patience.CancelAfter(PatienceForMore);
            }

            return copied;
        }, cancellationToken);

    /// <summary>Makes a collection of the file of a snapshot.</summary>
    /// <exception cref="QdrantException">It is none, or the server does not take it.</exception>
    public Task UploadAsync(string collection, Stream snapshot, CancellationToken cancellationToken)
    {
        var request = FileRequest(HttpMethod.Post, collection, "upload?priority=snapshot&wait=true");
        request.Content = new MultipartFormDataContent { { new StreamContent(snapshot, PieceBytes), "snapshot", "snapshot" } };
        return AskAsync("Upload snapshot", request, PatienceForUpload, (_, _) => Task.FromResult(0), cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Where no REST port is known, the embedded server answers on its own.</summary>
    private HttpRequestMessage FileRequest(HttpMethod method, string collection, string rest) =>
        new(method, new Uri(_address ?? _options.Address, $"collections/{Uri.EscapeDataString(collection)}/snapshots/{rest}"))
        {
            Version = _address is null ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = _address is null ? HttpVersionPolicy.RequestVersionExact : HttpVersionPolicy.RequestVersionOrHigher,
        };

    private async Task<T> AskAsync<T>(
        string operation, HttpRequestMessage request, TimeSpan patienceOf, Func<HttpResponseMessage, CancellationTokenSource, Task<T>> read, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(patienceOf);
        var address = request.RequestUri!;
        try
        {
            using (request)
            {
                foreach (var header in _key.Headers ?? [])
                    request.Headers.TryAddWithoutValidation(header.Key, header.Value);
                using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
                return answer.IsSuccessStatusCode ? await read(answer, patience) : throw await RefusedAsync(operation, address, answer, patience.Token);
            }
        }
        catch (HttpRequestException exception)
        {
            throw Failure(operation, address, QdrantFailure.Unreachable, exception.InnerException?.Message ?? exception.Message, exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure(operation, address, QdrantFailure.Timeout, $"no answer within {patienceOf}", exception);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Failure(operation, address, QdrantFailure.Other, "what answers there is no Qdrant", exception);
        }
    }

    private static async Task<QdrantException> RefusedAsync(string operation, Uri address, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        const int MostOfIt = 300;
        var said = (await answer.Content.ReadAsStringAsync(cancellationToken)).ReplaceLineEndings(" ");
        var kind = answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => QdrantFailure.Unauthenticated,
            HttpStatusCode.NotFound => QdrantFailure.NotFound,
            HttpStatusCode.Conflict => QdrantFailure.AlreadyExists,
            HttpStatusCode.BadRequest => QdrantFailure.InvalidArgument,
            _ => QdrantFailure.Other,
        };
        return Failure(operation, address, kind, $"it answers {(int)answer.StatusCode} {said[..Math.Min(said.Length, MostOfIt)]}".TrimEnd(), null);
    }

    private static List<(ulong, string)> Peers(JsonElement answer)
    {
        var result = answer.GetProperty("result");
        return result.GetProperty("status").GetString() == "disabled"
            ? []
            : [.. result.GetProperty("peers").EnumerateObject().Select(peer =>
                (ulong.Parse(peer.Name, CultureInfo.InvariantCulture), new Uri(peer.Value.GetProperty("uri").GetString()!).Host))];
    }

    private static QdrantException Failure(string operation, Uri address, QdrantFailure kind, string cause, Exception? inner) => new(
        $"{operation} at {address} failed: {cause}. It is Qdrant's REST port that is asked here, usually 6333: set qdrant.restAddress where it is another.", inner)
    {
        Kind = kind,
        Operation = operation,
    };
}
