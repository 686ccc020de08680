namespace DriftGuard.Cli.Shell;

/// <summary>What the process says to the shell that started it. A number never changes its meaning.</summary>
public enum ExitCode
{
    /// <summary>The command did what it was asked to do.</summary>
    Success = 0,

    /// <summary>Something went wrong that nobody foresaw.</summary>
    UnexpectedError = 1,

    /// <summary>The command line, the configuration or an input file is wrong.</summary>
    Usage = 2,

    /// <summary>What was named does not exist: an index, a model, a rollout, a calibration set.</summary>
    NotFound = 3,

    /// <summary>The gate, or a check that was asked for, refused.</summary>
    Refused = 4,

    /// <summary>Something that the command needs cannot be used: Qdrant, an embedding API, the data folder.</summary>
    Unavailable = 5,

    /// <summary>Something else is in the way: another process, another rollout, a name that is taken.</summary>
    Conflict = 6,

    /// <summary>There is no verdict yet: too little data, or somebody's approval is missing.</summary>
    Inconclusive = 7,

    /// <summary>The command was stopped by Ctrl-C or a signal.</summary>
    Cancelled = 130,
}
