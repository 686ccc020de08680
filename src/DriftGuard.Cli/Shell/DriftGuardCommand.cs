using System.CommandLine;

namespace DriftGuard.Cli.Shell;

/// <summary>
/// A command that does something. It adds its arguments and options in the constructor and reads them from the parse result in
/// <see cref="RunAsync"/>; it writes its result with <see cref="CommandContext.Report"/>, and throws for everything that goes wrong.
/// </summary>
internal abstract class DriftGuardCommand : Command
{
    /// <param name="name">The word on the command line.</param>
    /// <param name="description">What it does, in one line without a full stop.</param>
    /// <param name="examples">Whole command lines for the help.</param>
    protected DriftGuardCommand(string name, string description, params string[] examples)
        : base(name, description)
    {
        Examples = examples;
    }

    /// <summary>Whole command lines for the help.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>What the exit codes of this command mean, where that says more than the general table.</summary>
    public virtual IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes => [];

    /// <summary>Whether it can have a running server do it, by <c>--server</c>; otherwise it works on this machine's files.</summary>
    public virtual bool AsksServer => false;

    /// <summary>Does it.</summary>
    /// <param name="context">What to work with.</param>
    /// <param name="arguments">The command line, free of errors.</param>
    /// <returns>The exit code where nothing was thrown.</returns>
    public abstract Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments);
}
