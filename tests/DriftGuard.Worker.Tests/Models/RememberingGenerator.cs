using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Worker.Models;
using Microsoft.Extensions.AI;

namespace DriftGuard.Worker.Tests.Models;

/// <summary>A real model behind a provider's server that embeds a text once in the life of the test process, see <see cref="RememberingEmbedder"/>.</summary>
internal sealed class RememberingGenerator(EmbeddingModel model) : DelegatingEmbeddingGenerator<string, Embedding<float>>(model)
{
    private readonly RememberingEmbedder embedder = new(new OpenedModel(model));

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var outcomes = await embedder.EmbedAsync([.. values], options.GetInputKind(), cancellationToken);
        return new(outcomes.Select((outcome, i) => new Embedding<float>(outcome.Vector ?? throw new EmbeddingException(i, outcome.Failure!))));
    }
}
