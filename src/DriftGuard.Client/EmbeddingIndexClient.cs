using System.Net;
using Microsoft.Extensions.AI;

namespace DriftGuard.Client;

/// <summary>
/// Searches an index with vectors that the application makes itself, and never by another model than the one that made the vectors they are compared
/// with: the route is kept, each query carries its fingerprint, and where the gateway says that another model serves by now, the query is embedded anew.
/// </summary>
/// <param name="index">The index.</param>
/// <param name="generatorOf">What embeds by a route's model; asked each time that the route has changed.</param>
/// <param name="addsPrefix">Whether the model's prefix of queries is put before texts here; false where the generator does so.</param>
public sealed class EmbeddingIndexClient(IndexClient index, Func<RouteModel, IEmbeddingGenerator<string, Embedding<float>>> generatorOf, bool addsPrefix = true)
{
    // Each needs a switch of its own to go in vain.
    private const int MostTries = 5;

    private volatile Known? known;

    /// <summary>Searches by a text.</summary>
    /// <exception cref="DriftGuardException">The gateway refuses.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public async Task<SearchAnswer> SearchAsync(string text, SearchOptions? options = null, CancellationToken cancellation = default)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var (route, generator) = known ?? await LookAsync(cancellation);
            var vector = await generator.GenerateVectorAsync(addsPrefix ? route.QueryModel.QueryPrefix + text : text, cancellationToken: cancellation);
            if (await index.SearchAsync(vector, route.QueryFingerprint, options, cancellation) is { } answer)
            {
                return answer;
            }

            known = null;
        }

        throw new DriftGuardException(HttpStatusCode.Conflict, $"index '{index.Index}' is switched more often than a query can be embedded for it");
    }

    private async Task<Known> LookAsync(CancellationToken cancellation)
    {
        var route = await index.RouteAsync(cancellation);
        return known = new(route, generatorOf(route.QueryModel));
    }

    private sealed record Known(IndexRoute Route, IEmbeddingGenerator<string, Embedding<float>> Generator);
}
