using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Bridges;

/// <summary>
/// What queries search a collection with whose own model is gone: the new model and a map behind it. It is neither of the two models, and says so;
/// documents it embeds none, since a mapped one among real ones would be found for ever after.
/// </summary>
/// <param name="model">The new model.</param>
/// <param name="bridge">Leads into the collection's space.</param>
internal sealed class BridgedEmbedder(ITextEmbedder model, Bridge bridge) : ITextEmbedder
{
    /// <summary>The provider of its spec, as which it is told from a model.</summary>
    public const string Provider = "bridge";

    public ModelSpec Spec { get; } = new()
    {
        Name = $"{model.Spec.Name} through a bridge to {bridge.Report.OldModel}",
        Provider = Provider,
        Model = bridge.Report.Id,
        Dimensions = bridge.Map.To,
        Normalisation = bridge.Report.Unit ? Normalisation.L2 : Normalisation.None,
        Distance = bridge.Report.Distance,
        MaxTokens = model.Spec.MaxTokens,
    };

    public Fingerprint Fingerprint { get; } = Fingerprint.Parse(bridge.Report.Digest);

    public int CallsAtOnce => model.CallsAtOnce;

    public async ValueTask<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellation)
    {
        if (kind != InputKind.Query)
        {
            throw new OperatorException(OperatorError.Unavailable,
                $"documents cannot be embedded over bridge {bridge.Report.Id}: it maps queries, and a mapped document among real ones would be found wrongly for good");
        }

        var outcomes = await model.EmbedAsync(texts, InputKind.Query, cancellation);
        return [.. outcomes.Select(outcome => outcome.IsEmbedded ? EmbeddingOutcome.Embedded(bridge.MapQuery(outcome.Vector), outcome.Tokens, outcome.Truncated, outcome.Chunks) : outcome)];
    }
}
