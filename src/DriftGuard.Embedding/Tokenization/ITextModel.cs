namespace DriftGuard.Embedding.Tokenization;

/// <summary>Text in which no added token was found to ids: normaliser, words and pieces of one kind of tokenizer. Thread-safe.</summary>
internal interface ITextModel
{
    /// <inheritdoc cref="ITextTokenizer.SeparatesAt" />
    bool SeparatesAt(char last);

    /// <inheritdoc cref="ITextTokenizer.Append" />
    bool Append(ReadOnlySpan<char> text, int limit, TokenBuffer ids);

    /// <summary>The text as its words are taken from it, for added tokens that are looked for there.</summary>
    string Normalise(ReadOnlySpan<char> text);

    /// <summary>As <see cref="Append"/>, of a text or part of one that <see cref="Normalise"/> gave.</summary>
    bool AppendNormalised(ReadOnlySpan<char> text, int limit, TokenBuffer ids);
}
