namespace DriftGuard.Core.Rollouts.Estimates;

/// <summary>What a uniform random sample of a corpus' texts took under the model that is to embed all of them.</summary>
/// <param name="Texts">Texts that were embedded, 0 of an empty corpus.</param>
/// <param name="MeanTokens">Mean tokens of a text, prefixes and special tokens included.</param>
/// <param name="TokensDeviation">Standard deviation of that between texts, with n - 1; 0 of fewer than two.</param>
/// <param name="MeanPayloadBytes">Mean size of a point's payload in Qdrant's wire form.</param>
/// <param name="TextsPerSecond">Texts embedded a second, as the copy would do it, after the model's settings were found; null where nothing could be timed.</param>
/// <param name="Unembeddable">Texts that could not be embedded: they would be parked.</param>
/// <param name="Truncated">Texts that are longer than the model's token limit.</param>
/// <param name="Seed">Seed of the draw.</param>
public sealed record TextSample(
    int Texts, double MeanTokens, double TokensDeviation, double MeanPayloadBytes, double? TextsPerSecond, int Unembeddable, int Truncated, int Seed);
