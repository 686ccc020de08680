using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Http;

namespace DriftGuard.Embedding.Specs;

/// <summary>What <c>model.yaml</c> says.</summary>
/// <param name="Spec">What decides vectors.</param>
/// <param name="Endpoint">Where the provider is asked; <see langword="null"/> for models that run in the process.</param>
internal sealed record ModelDefinition(ModelSpec Spec, EndpointSettings? Endpoint);
