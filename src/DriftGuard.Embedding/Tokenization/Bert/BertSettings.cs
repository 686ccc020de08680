namespace DriftGuard.Embedding.Tokenization.Bert;

/// <summary>What differs between BERT's tokenizers; the defaults are those of the published one.</summary>
internal sealed record BertSettings
{
    public bool LowerCase { get; init; } = true;

    public bool StripAccents { get; init; } = true;

    public string UnknownToken { get; init; } = Vocabulary.Unknown;

    /// <summary>What pieces begin with that begin no word.</summary>
    public string ContinuationPrefix { get; init; } = "##";

    /// <summary>Words of more code points are unknown.</summary>
    public int LongestWord { get; init; } = 100;
}
