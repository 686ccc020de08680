namespace DriftGuard.Embedding.Tokenization.AddedTokens;

/// <summary>The added tokens of a tokenizer: those of the text as it comes are found first, then those of what its normaliser makes of the rest.</summary>
internal sealed class AddedTokenSet
{
    /// <exception cref="InvalidDataException">A token is normalised away.</exception>
    public AddedTokenSet(IReadOnlyCollection<AddedToken> tokens, ITextModel model)
    {
        InText = new([.. tokens.Where(t => !t.IsNormalised)]);
        InNormalisedText = new([.. tokens.Where(t => t.IsNormalised).Select(t => Normalise(t, model)).DistinctBy(t => t.Content, StringComparer.Ordinal)]);
    }

    public AddedTokenFinder InText { get; }

    public AddedTokenFinder InNormalisedText { get; }

    /// <summary>Whether no token can reach over this character into the text that follows it.</summary>
    public bool SeparatesAt(char last) => InNormalisedText.IsEmpty && !InText.Tokens.Any(t => t.Content.Contains(last, StringComparison.Ordinal));

    private static AddedToken Normalise(AddedToken token, ITextModel model)
    {
        var content = model.Normalise(token.Content);
        return content.Length > 0
            ? token with { Content = content }
            : throw new InvalidDataException($"added token '{token.Content}' is normalised away, so it would be found everywhere; "
                + "expected one that keeps letters, or \"normalized\": false.");
    }
}
