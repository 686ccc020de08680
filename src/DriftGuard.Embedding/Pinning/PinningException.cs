namespace DriftGuard.Embedding.Pinning;

/// <summary>Why a model cannot be fetched, kept or locked.</summary>
public enum PinningFailure
{
    /// <summary>A file that people write, or a name, is malformed.</summary>
    Invalid,

    /// <summary>There is no such model, repository, revision or file.</summary>
    NotFound,

    /// <summary>Something is not what a pin says: a digest, a length, a fingerprint.</summary>
    Refused,

    /// <summary>The hub or the disk cannot be used now.</summary>
    Unavailable,

    /// <summary>Another model has the name.</summary>
    Conflict,
}

/// <summary>A model cannot be fetched, kept or locked. The message says what was expected, what was found and what to do.</summary>
/// <param name="failure">What kind of obstacle it is.</param>
/// <param name="message">For people; holds neither tokens nor signed addresses.</param>
/// <param name="innerException">What the system said, where it was asked.</param>
public sealed class PinningException(PinningFailure failure, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>What kind of obstacle it is.</summary>
    public PinningFailure Failure { get; } = failure;
}
