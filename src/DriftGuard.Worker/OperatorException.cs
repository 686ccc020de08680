namespace DriftGuard.Worker;

/// <summary>What kind of mistake or obstacle a person has to deal with.</summary>
public enum OperatorError
{
    /// <summary>What was asked for makes no sense as it is.</summary>
    Invalid,

    /// <summary>Something that was named is not there.</summary>
    NotFound,

    /// <summary>Something is in the way: a name that is taken, a rollout that has not ended.</summary>
    Conflict,

    /// <summary>A rule that was configured forbids it.</summary>
    Refused,

    /// <summary>Something that is needed cannot be reached or read right now.</summary>
    Unavailable,

    /// <summary>It asks for more than is done at a time.</summary>
    TooLarge,

    /// <summary>It took too long to come.</summary>
    TooSlow,

    /// <summary>It is as it should be, and cannot be done: a text that no model embeds.</summary>
    Unprocessable,

    /// <summary>There is too little to decide by; the message says what to add.</summary>
    Inconclusive,
}

/// <summary>Something that a person has to mend. The message says what was expected, what was found and what to do.</summary>
/// <param name="error">What kind of obstacle it is.</param>
/// <param name="message">For people.</param>
public sealed class OperatorException(OperatorError error, string message) : Exception(message)
{
    /// <summary>What kind of obstacle it is.</summary>
    public OperatorError Error { get; } = error;
}
