using System.Globalization;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Worker.Gateway.Routing;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Gateway;

/// <summary>Embeds for requests by the model of a route.</summary>
internal sealed class QueryEmbedding(ModelPool models)
{
    /// <summary>The model of a route.</summary>
    /// <exception cref="OperatorException">Another model is found under its name.</exception>
    public ITextEmbedder ModelOf(IndexRoute route) => models.Get(route.Model, route.Fingerprint);

    /// <summary>Embeds texts, all of them.</summary>
    /// <exception cref="OperatorException">One cannot be embedded; the message says which and why.</exception>
    public async Task<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(IndexRoute route, IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellation)
    {
        var outcomes = await ModelOf(route).EmbedAsync(texts, kind, cancellation);
        for (var i = 0; i < outcomes.Count; i++)
        {
            if (!outcomes[i].IsEmbedded)
            {
                throw new OperatorException(OperatorError.Unprocessable, string.Create(CultureInfo.InvariantCulture, $"text {i} cannot be embedded: {outcomes[i].Failure}"));
            }
        }

        return outcomes;
    }

    /// <summary>Refuses texts that are too many or too long to be embedded for one request.</summary>
    public static IReadOnlyList<string> Limited(IReadOnlyList<string> texts)
    {
        if (texts.Count is 0 or > GatewayLimits.Texts)
        {
            throw RequestBody.Mistake($"{texts.Count} texts are to be embedded: expected 1 to {GatewayLimits.Texts}");
        }

        for (var i = 0; i < texts.Count; i++)
        {
            if (texts[i].Length > GatewayLimits.TextLength)
            {
                throw new OperatorException(OperatorError.TooLarge, $"text {i} has {texts[i].Length} characters: at most {GatewayLimits.TextLength} are embedded");
            }
        }

        return texts;
    }
}
