namespace DriftGuard.Qdrant;

/// <summary>What kind of failure it was, by what a caller can do about it.</summary>
public enum QdrantFailure
{
    /// <summary>None of the others: a fault inside Qdrant, or an answer that should not be.</summary>
    Other,

    /// <summary>Nobody answers at the address, or the connection broke.</summary>
    Unreachable,

    /// <summary>Somebody answers at the address, but TLS fails: certificate not trusted, or TLS on one side only.</summary>
    Tls,

    /// <summary>The API key is missing, wrong, or not allowed to do this.</summary>
    Unauthenticated,

    /// <summary>A collection, alias or point is missing.</summary>
    NotFound,

    /// <summary>A collection with this name exists.</summary>
    AlreadyExists,

    /// <summary>Qdrant refuses the request as it is; a repeat fails again.</summary>
    InvalidArgument,

    /// <summary>No answer within the time allowed.</summary>
    Timeout,

    /// <summary>A rate limit or a resource of Qdrant is used up.</summary>
    Exhausted,

    /// <summary>This Qdrant is too old for the call, or it is not Qdrant's gRPC port.</summary>
    Unimplemented,
}

/// <summary>A call to Qdrant failed. The message names operation, collection, address, cause and what to do; never the API key.</summary>
public class QdrantException : Exception
{
    /// <summary>A failure without details.</summary>
    public QdrantException()
        : this("a call to Qdrant failed")
    {
    }

    /// <summary>A failure of kind <see cref="QdrantFailure.Other"/>.</summary>
    public QdrantException(string message)
        : base(message)
    {
    }

    /// <summary>A failure of kind <see cref="QdrantFailure.Other"/> with its cause.</summary>
    public QdrantException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>What kind of failure it was.</summary>
    public QdrantFailure Kind { get; init; }

    /// <summary>
    /// Whether a write may have happened, or may still happen: the answer was lost, not refused. Reading back proves nothing yet.
    /// </summary>
    public bool OutcomeUnknown { get; init; }

    /// <summary>What was attempted, such as <c>Upsert</c>.</summary>
    public string Operation { get; init; } = "";

    /// <summary>The collection or alias it was about, if one.</summary>
    public string? Collection { get; init; }
}

/// <summary>An alias change failed because an alias that it renames is not there; nothing after that action has run.</summary>
public sealed class AliasNotFoundException : QdrantException
{
    /// <summary>A failure without details.</summary>
    public AliasNotFoundException()
        : this("an alias is missing")
    {
    }

    /// <summary>A failure with a message.</summary>
    public AliasNotFoundException(string message)
        : this(message, innerException: null)
    {
    }

    /// <summary>A failure with a message and its cause.</summary>
    public AliasNotFoundException(string message, Exception? innerException)
        : base(message, innerException) => Kind = QdrantFailure.NotFound;

    /// <summary>The alias that is missing.</summary>
    public string Alias { get; init; } = "";
}
