namespace DriftGuard.Embedding.Tokenization;

/// <summary>Text to ids, as the model was trained with. Thread-safe.</summary>
internal interface ITextTokenizer
{
    /// <summary>Number of ids; each is below it.</summary>
    int VocabularySize { get; }

    /// <summary>The id that fills up a batch; the model never looks at it.</summary>
    int PaddingId { get; }

    /// <summary>Ids before each text, e.g. [CLS].</summary>
    ReadOnlyMemory<int> Opening { get; }

    /// <summary>Ids after each text, e.g. [SEP].</summary>
    ReadOnlyMemory<int> Closing { get; }

    /// <summary>
    /// Whether a text that begins after this character has the same ids as if what stands before it were there too, so that a prefix
    /// can be tokenised once and apart.
    /// </summary>
    bool SeparatesAt(char last);

    /// <summary>
    /// Adds the ids of a text, without <see cref="Opening"/> and <see cref="Closing"/>, up to a limit;
    /// <see langword="true"/> if there would be more.
    /// </summary>
    bool Append(ReadOnlySpan<char> text, int limit, TokenBuffer ids);
}
