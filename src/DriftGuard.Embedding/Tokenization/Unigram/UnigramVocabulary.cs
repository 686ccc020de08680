namespace DriftGuard.Embedding.Tokenization.Unigram;

/// <summary>The pieces of a unigram language model.</summary>
/// <param name="Pieces">Distinct; the place of each is its id.</param>
/// <param name="Scores">Logarithms of their probabilities.</param>
/// <param name="Unknown">The id of what no piece begins with.</param>
/// <param name="FallsBackToBytes">Whether that is spelt in pieces of one byte each, where all of them are there.</param>
internal sealed record UnigramVocabulary(IReadOnlyList<string> Pieces, IReadOnlyList<double> Scores, int Unknown, bool FallsBackToBytes);
