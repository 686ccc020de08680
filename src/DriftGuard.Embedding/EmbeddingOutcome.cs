using System.Diagnostics.CodeAnalysis;

namespace DriftGuard.Embedding;

/// <summary>What became of one text: a vector, or the reason why there is none. Never both, never neither.</summary>
public readonly record struct EmbeddingOutcome
{
    /// <summary>The vector, of the spec's dimensions, finite and not zero; <see langword="null"/> if the text failed.</summary>
    public float[]? Vector { get; private init; }

    /// <summary>Why there is no vector; <see langword="null"/> if there is one. See <see cref="EmbeddingFailures"/>.</summary>
    public string? Failure { get; private init; }

    /// <summary>Tokens the model saw, prefix and special tokens included; 0 if it saw none.</summary>
    public int Tokens { get; private init; }

    /// <summary>Whether tokens beyond the limit were left out.</summary>
    public bool Truncated { get; private init; }

    /// <summary>Chunks that the vector is the mean of; 1 for a text that was embedded whole or truncated, 0 if it was not seen.</summary>
    public int Chunks { get; private init; }

    /// <summary>Whether the text has more tokens than the model takes, whatever became of it.</summary>
    public bool IsOverLong { get; private init; }

    /// <summary>Whether there is a vector.</summary>
    [MemberNotNullWhen(true, nameof(Vector))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsEmbedded => Vector is not null;

    /// <summary>The outcome of a text that has a vector; for those who make vectors, stand-ins included.</summary>
    public static EmbeddingOutcome Embedded(float[] vector, int tokens, bool truncated, int chunks = 1) =>
        new() { Vector = vector, Tokens = tokens, Truncated = truncated, Chunks = chunks, IsOverLong = truncated || chunks > 1 };

    /// <summary>The outcome of a text that has none.</summary>
    public static EmbeddingOutcome Failed(string reason, int tokens = 0, bool truncated = false, bool overLong = false) =>
        new() { Failure = reason, Tokens = tokens, Truncated = truncated, IsOverLong = truncated || overLong, Chunks = tokens > 0 ? 1 : 0 };
}

/// <summary>Why a text has no vector.</summary>
public static class EmbeddingFailures
{
    /// <summary>The text is empty or white space.</summary>
    public const string EmptyText = "empty text";

    /// <summary>The text has characters, but none that the tokenizer keeps.</summary>
    public const string NoTokens = "no character of the text is one the tokenizer keeps";

    /// <summary>The text is not valid UTF-16: it cannot be hashed or stored faithfully either.</summary>
    public const string LoneSurrogate = "the text has a lone surrogate, so it is not valid Unicode";

    /// <summary>The model gave NaN or infinity, or numbers too large to measure.</summary>
    public const string NotFinite = "the model gave a vector with components that are not finite";

    /// <summary>The provider gave null in place of a vector.</summary>
    public const string NoVector = "the provider gave no vector for the text";

    /// <summary>The model gave a vector of length 0, which has no direction.</summary>
    public const string ZeroVector = "the model gave a zero vector";

    /// <summary>The text has more tokens than the model takes, and the spec says <see cref="Core.Embedding.OverLongText.Refuse"/>.</summary>
    /// <param name="tokens">How many it has, prefix and special tokens included.</param>
    /// <param name="limit">How many the model takes.</param>
    public static string OverLong(int tokens, int limit) => FormattableString.Invariant(
        $"the text has {tokens} tokens with prefix and special tokens, more than max_tokens: {limit}, and the spec says over_long: refuse");

    /// <summary>A provider refuses the text because of its length.</summary>
    /// <param name="reason">What the provider says.</param>
    public static string RefusedAsTooLong(string reason) => $"the provider refused the text as too long: {reason}";

    /// <summary>A provider refuses the text, and takes others.</summary>
    /// <param name="reason">What the provider says.</param>
    public static string Refused(string reason) => $"the provider refused the text: {reason}";

    /// <summary>Not one character of the text has room beside prefix and special tokens.</summary>
    /// <param name="limit">How many tokens the model takes.</param>
    public static string FirstCharacterTooLong(int limit) => FormattableString.Invariant(
        $"a character of the text alone has more tokens than max_tokens: {limit} leaves beside prefix and special tokens");
}
