using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tokenization;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Embedding.Http;

/// <summary>Makes a model that is asked over HTTP from its folder. Nothing is asked yet: a model can be opened while its server is down.</summary>
internal sealed class HttpModelLoader(ModelFiles files, EndpointSettings stated, EmbeddingStatistics statistics, EmbeddingModelOptions options)
{
    /// <exception cref="ModelException">The folder cannot be used; the message says why.</exception>
    public HttpModel Load()
    {
        var spec = files.Spec;
        var endpoint = stated with { Retries = options.Retries ?? stated.Retries };
        var tokenizer = spec.Tokenizer is null ? null : TokenizerLoader.Load(files);
        var secrets = new Secrets(endpoint);
        var key = files.Try(files.SpecPath, () => new ApiKey(endpoint, Path.GetDirectoryName(files.SpecPath)!, secrets));
        files.ThrowIfProblems();
        var preparer = files.Try(files.SpecPath, () => new TextPreparer(spec, tokenizer));
        files.ThrowIfProblems();

        var logger = options.Logs.CreateLogger<HttpEmbeddingEngine>();
        IProviderProtocol protocol = spec.Provider switch
        {
            ModelSpec.OpenAIProvider => new OpenAIProtocol(spec, endpoint),
            ModelSpec.CohereProvider => new CohereProtocol(spec, endpoint),
            _ => new TeiProtocol(spec),
        };
        var http = HttpClients.Create();
        var identities = new IdentityWatch(spec, endpoint, options, logger);
        var exchange = new Exchange(endpoint, http, key!, secrets, options.Time, logger);
        var resilience = new Resilience(endpoint, statistics, options.Time, logger);
        var client = new ProviderClient(spec, endpoint, protocol, exchange, resilience, identities);
        var info = new ProviderInfoCheck(client, options.Time);
        resilience.AttemptFailed = info.Doubt;
        return new(spec, endpoint, preparer!, client, info, identities, http, logger) { CountsTokens = tokenizer is not null };
    }
}

/// <summary>The parts of a model that is asked over HTTP.</summary>
/// <param name="Spec">What decides its vectors.</param>
/// <param name="Endpoint">Where and how it is asked.</param>
/// <param name="Preparer">Texts to what is sent.</param>
/// <param name="Client">What is sent to vectors.</param>
/// <param name="Info">What the provider says of itself.</param>
/// <param name="Identities">As which model it answers.</param>
/// <param name="Http">Its connections.</param>
/// <param name="Logger">Where it logs.</param>
internal sealed record HttpModel(
    ModelSpec Spec, EndpointSettings Endpoint, TextPreparer Preparer, ProviderClient Client, ProviderInfoCheck Info, IdentityWatch Identities, HttpClient Http, ILogger Logger)
{
    /// <summary>Whether tokens are counted by the model's tokenizer, not estimated.</summary>
    public bool CountsTokens { get; init; }
}
