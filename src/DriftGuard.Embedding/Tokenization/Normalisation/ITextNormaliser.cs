namespace DriftGuard.Embedding.Tokenization.Normalisation;

/// <summary>One step that rewrites text before it is split into words. Thread-safe.</summary>
internal interface ITextNormaliser
{
    /// <summary>The rewritten text.</summary>
    string Normalise(string text);

    /// <summary>
    /// Whether the character stays as it is wherever it stands beside others of which that is true, and a text may be cut where one is
    /// followed by a single space and another: the parts, rewritten one by one, are the rewritten whole.
    /// </summary>
    bool Keeps(char c);
}
