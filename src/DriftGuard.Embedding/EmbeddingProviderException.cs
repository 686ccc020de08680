using DriftGuard.Embedding.Http;

namespace DriftGuard.Embedding;

/// <summary>
/// A provider of embeddings could not be used for a whole call: none of its texts has a vector, and none of them is at fault. The message
/// names the address, what was expected, what was found and what to do; never a key.
/// </summary>
public sealed class EmbeddingProviderException : Exception
{
    /// <summary>Creates the exception from what a person is to read.</summary>
    /// <param name="address">The address that was asked, without query and secrets.</param>
    /// <param name="message">What was expected, what was found, what to do.</param>
    /// <param name="innerException">What the transport said.</param>
    public EmbeddingProviderException(string address, string message, Exception? innerException = null)
        : base($"{address}: {message}", innerException)
    {
        Address = address;
        Reason = message;
    }

    /// <summary>The address that was asked, without query and secrets.</summary>
    public string Address { get; }

    /// <summary>The message without the address.</summary>
    public string Reason { get; }

    /// <summary>The HTTP status; <see langword="null"/> where there was no answer, or nothing was wrong with its status.</summary>
    public int? Status { get; init; }

    /// <summary>Whether the same call may succeed later with nothing changed here.</summary>
    public bool IsTransient { get; init; }

    /// <summary>The other model that it answers as than before; <see langword="null"/> where that is not what is wrong.</summary>
    public string? AnsweredAs { get; init; }

    /// <summary>Whether fewer or other texts could be answered, as far as one answer tells.</summary>
    internal Refusal Refusal { get; init; }

    /// <summary>How long the server asks to wait; <see langword="null"/> where it does not say.</summary>
    internal TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether it says that the endpoint is down, rather than busy or confused.</summary>
    internal bool IsOutage { get; init; }

    /// <summary>The same failure, after several attempts.</summary>
    internal EmbeddingProviderException After(int attempts) => new(Address, $"failed {attempts} times in a row, at last: {Reason}", this)
    {
        Status = Status,
        IsTransient = IsTransient,
        AnsweredAs = AnsweredAs,
    };
}
