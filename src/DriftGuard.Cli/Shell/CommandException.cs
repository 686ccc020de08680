namespace DriftGuard.Cli.Shell;

/// <summary>A command cannot go on, for a reason that a user understands: shown without a stack trace.</summary>
/// <param name="code">What the process ends with.</param>
/// <param name="message">What is wrong: names the thing, what was expected and what was found.</param>
/// <param name="hint">What to do about it, on a line of its own.</param>
/// <param name="innerException">The cause, for <c>--verbose</c>.</param>
internal sealed class CommandException(ExitCode code, string message, string? hint = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    public ExitCode Code { get; } = code;

    public string? Hint { get; } = hint;
}
