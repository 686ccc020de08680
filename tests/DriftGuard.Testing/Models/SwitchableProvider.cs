using System.Net;
using System.Text.Json.Nodes;
using DriftGuard.Core.Embedding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Testing.Models;

/// <summary>
/// A server on a loopback port that answers <c>POST /v1/embeddings</c> as OpenAI's does, and <c>POST /embed</c> and <c>GET /info</c> as Text
/// Embeddings Inference does, with the vectors of a real model. The model behind it can be exchanged while it runs and nothing says so,
/// which is what providers do; it can be noisy, fail, or hang.
/// </summary>
/// <remarks>All that can be set may be set while requests are under way; a request takes what holds when it begins.</remarks>
public sealed class SwitchableProvider : IAsyncDisposable
{
    private const int MostTexts = 32;

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _closing = new();
    private volatile IEmbeddingGenerator<string, Embedding<float>> _model;
    private volatile VectorNoise _noise = VectorNoise.None;
    private volatile Behaviour _behaviour = Behaviour.Usual;
    private int _requests;
    private int _texts;

    private SwitchableProvider(WebApplication app, IEmbeddingGenerator<string, Embedding<float>> model) => (_app, _model) = (app, model);

    /// <summary>The address of the server, e.g. for a TEI endpoint.</summary>
    public string Url => _app.Urls.Single();

    /// <summary>The base address of an OpenAI endpoint.</summary>
    public string OpenAIUrl => Url + "/v1";

    /// <summary>What answers call the model, whichever serves.</summary>
    public string ModelName { get; set; } = "tests/remote";

    /// <summary>OpenAI's <c>system_fingerprint</c>, and TEI's <c>model_sha</c>; none unless set.</summary>
    public string? SystemFingerprint { get; set; }

    /// <summary>Requests for vectors so far, those that failed included.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Texts in the requests that were answered.</summary>
    public int Texts => Volatile.Read(ref _texts);

    /// <summary>Starts a server.</summary>
    /// <param name="model">What computes the vectors; it stays the caller's. Texts are embedded as documents, with its prefix if it has one.</param>
    public static async Task<SwitchableProvider> StartAsync(IEmbeddingGenerator<string, Embedding<float>> model)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var provider = new SwitchableProvider(app, model);
        app.MapPost("/v1/embeddings", context => provider.AnswerAsync(context, provider.OpenAIAsync));
        app.MapPost("/embed", context => provider.AnswerAsync(context, provider.TeiAsync));
        app.MapGet("/info", provider.InfoAsync);
        await app.StartAsync();
        return provider;
    }

    /// <summary>Puts another model behind the server.</summary>
    /// <param name="model">It stays the caller's, and so does the one before, which requests under way may still use.</param>
    public void Serve(IEmbeddingGenerator<string, Embedding<float>> model) => _model = model;

    /// <summary>Adds Gaussian noise to each vector from now on; the same seed gives the same noise to requests that come one after the other.</summary>
    /// <param name="sd">Standard deviation a dimension; 0 for none.</param>
    /// <param name="seed">The seed.</param>
    public void AddNoise(double sd, int seed) => _noise = new(sd, seed);

    /// <summary>Answers nothing but a status from now on.</summary>
    /// <param name="status">The status, 503 unless said.</param>
    public void Fail(int status = StatusCodes.Status503ServiceUnavailable) => Become(new() { Status = status });

    /// <summary>Answers nothing from now on; what hangs is answered once <see cref="Recover"/> is called.</summary>
    public void Hang() => Become(new() { Hanging = new(TaskCreationOptions.RunContinuationsAsynchronously) });

    /// <summary>Answers again.</summary>
    public void Recover() => Become(Behaviour.Usual);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _app.DisposeAsync();
        _closing.Dispose();
    }

    private void Become(Behaviour behaviour) => Interlocked.Exchange(ref _behaviour, behaviour).Hanging?.TrySetResult();

    private async Task AnswerAsync(HttpContext context, Func<JsonNode, CancellationToken, Task<JsonNode>> answer)
    {
        Interlocked.Increment(ref _requests);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _closing.Token);
        var behaviour = _behaviour;
        try
        {
            var asked = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: gone.Token);
            if (behaviour.Hanging is { } hanging)
                await hanging.Task.WaitAsync(gone.Token);
            if (behaviour.Status is { } status)
                await RefuseAsync(context, status, "the provider was told to fail");
            else
                await context.Response.WriteAsJsonAsync(await answer(asked!, gone.Token), gone.Token);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            context.Abort();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Such as a text that has no vector: whoever asks is told, as by a real server.
            await RefuseAsync(context, StatusCodes.Status400BadRequest, e.Message);
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = "test" } });
    }

    private async Task<JsonNode> OpenAIAsync(JsonNode asked, CancellationToken cancellation)
    {
        var vectors = await EmbedAsync(asked["input"]!, cancellation);
        var dimensions = (int?)asked["dimensions"];
        var base64 = (string?)asked["encoding_format"] == "base64";
        var data = vectors.Select((vector, index) => (JsonNode)new JsonObject
        {
            ["object"] = "embedding",
            ["index"] = index,
            ["embedding"] = base64 ? ProviderVectors.Base64(ProviderVectors.Shorten(vector, dimensions)) : ProviderVectors.Numbers(ProviderVectors.Shorten(vector, dimensions)),
        });
        var answer = new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. data]), ["model"] = ModelName };
        if (SystemFingerprint is { } fingerprint)
            answer["system_fingerprint"] = fingerprint;
        return answer;
    }

    private async Task<JsonNode> TeiAsync(JsonNode asked, CancellationToken cancellation) =>
        new JsonArray([.. (await EmbedAsync(asked["inputs"]!, cancellation)).Select(ProviderVectors.Numbers)]);

    private Task InfoAsync(HttpContext context) => context.Response.WriteAsJsonAsync(
        new JsonObject { ["model_id"] = ModelName, ["model_sha"] = SystemFingerprint, ["max_client_batch_size"] = MostTexts });

    private async Task<IReadOnlyList<float[]>> EmbedAsync(JsonNode input, CancellationToken cancellation)
    {
        string[] texts = input is JsonArray several ? [.. several.Select(t => (string)t!)] : [(string)input!];
        var noise = _noise;
        var embeddings = await _model.GenerateAsync(texts, new EmbeddingGenerationOptions().WithInputKind(InputKind.Document), cancellation);
        Interlocked.Add(ref _texts, texts.Length);
        return [.. embeddings.Select(e => noise.AddTo(e.Vector.Span))];
    }

    /// <summary>How requests are met.</summary>
    private sealed class Behaviour
    {
        public static Behaviour Usual { get; } = new();

        public int? Status { get; init; }

        public TaskCompletionSource? Hanging { get; init; }
    }
}
