namespace DriftGuard.Cli.Shell;

/// <summary>How a command writes its result.</summary>
internal enum OutputMode
{
    /// <summary>For people: a table on a terminal, aligned columns without ornament elsewhere.</summary>
    Table,

    /// <summary>For programs: one JSON value on standard output, and nothing else there.</summary>
    Json,
}
