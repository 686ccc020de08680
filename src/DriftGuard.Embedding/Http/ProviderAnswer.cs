namespace DriftGuard.Embedding.Http;

/// <summary>What a provider answered to a request.</summary>
/// <param name="Vectors">A vector for each text, in the order of the texts; an empty one where the provider had none.</param>
/// <param name="Model">The model it names; <see langword="null"/> where it names none.</param>
/// <param name="SystemFingerprint">What it says of the system behind it; empty where nothing.</param>
internal sealed record ProviderAnswer(float[][] Vectors, string? Model = null, string SystemFingerprint = "");

/// <summary>What a provider says of itself, apart from answers.</summary>
/// <param name="Model">Its model.</param>
/// <param name="SystemFingerprint">The revision of it; empty where it says none.</param>
/// <param name="TextsPerRequest">Most texts of a request, where it says so.</param>
internal sealed record ProviderInfo(string Model, string SystemFingerprint, int? TextsPerRequest);
