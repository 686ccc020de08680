namespace DriftGuard.Embedding.Http;

/// <summary>What a server refused, as far as one answer tells.</summary>
internal enum Refusal
{
    /// <summary>Nothing about the texts.</summary>
    None,

    /// <summary>More texts or tokens than it takes: half of them may be taken.</summary>
    TooLarge,

    /// <summary>Something in the request, perhaps one text of it: the others may be taken.</summary>
    Content,
}
