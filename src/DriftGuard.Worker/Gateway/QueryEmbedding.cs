using System.Globalization;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Gateway.Routing;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Gateway;

/// <summary>Embeds for requests by the model of a route, or where that is gone over its bridge.</summary>
internal sealed class QueryEmbedding(ModelPool models)
{
    /// <summary>The model of a route.</summary>
    /// <exception cref="OperatorException">Another model is found under its name.</exception>
    public ITextEmbedder ModelOf(IndexRoute route) => models.Get(route.Model, route.Fingerprint);

    /// <summary>The model whose queries a bridge maps.</summary>
    public ITextEmbedder ModelOf(Bridge bridge) => models.Get(bridge.Report.Model, bridge.Report.ModelFingerprint);

    /// <summary>Does what makes vectors of documents, which the model of a route alone can do: over a bridge go only queries.</summary>
    /// <exception cref="OperatorException">The model is gone.</exception>
    public async Task<T> WithOwnModelAsync<T>(IndexRoute route, Func<ITextEmbedder, Task<T>> work)
    {
        try
        {
            return await work(ModelOf(route));
        }
        catch (Exception failure) when (ModelsAtHand.IsOfModel(failure))
        {
            throw new OperatorException(OperatorError.Unavailable,
                $"documents of index '{route.Definition.Name}' have vectors of {route.Model}, and it makes none now ({failure.Message}). Nothing was written; try again once it is back, or once a rollout to another model has cut over");
        }
    }

    /// <summary>Embeds texts, all of them; queries over the bridge where there is one.</summary>
    /// <exception cref="OperatorException">One cannot be embedded; the message says which and why.</exception>
    public async Task<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(IndexRoute route, IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellation)
    {
        var outcomes = kind == InputKind.Document ? await WithOwnModelAsync(route, model => model.EmbedAsync(texts, kind, cancellation).AsTask())
            : route.Bridge is { } bridge ? await new BridgedEmbedder(ModelOf(bridge), bridge).EmbedAsync(texts, kind, cancellation)
            : await ModelOf(route).EmbedAsync(texts, kind, cancellation);
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
