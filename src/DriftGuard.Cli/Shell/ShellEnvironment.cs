namespace DriftGuard.Cli.Shell;

/// <summary>What the process gives to the commands; tests give their own.</summary>
internal sealed record ShellEnvironment
{
    /// <summary>Where results go.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Where progress, notes and errors go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether a person reads <see cref="Out"/> as it is written.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Whether a person reads <see cref="Error"/> as it is written.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>The environment variables.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Stops the command: Ctrl-C, or SIGTERM.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>The environment of this process.</summary>
    public static ShellEnvironment OfProcess(CancellationToken stopping)
    {
        var variables = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(v => (string)v.Key, v => (string?)v.Value ?? "", StringComparer.Ordinal);
        var dumb = variables.GetValueOrDefault("TERM") is "dumb";
        return new ShellEnvironment
        {
            Out = Console.Out,
            Error = Console.Error,
            OutIsTerminal = !Console.IsOutputRedirected && !dumb,
            ErrorIsTerminal = !Console.IsErrorRedirected && !dumb,
            Variables = variables,
            Stopping = stopping,
        };
    }
}
