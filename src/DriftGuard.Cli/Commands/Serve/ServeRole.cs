namespace DriftGuard.Cli.Commands.Serve;

/// <summary>What a process of <c>serve</c> does.</summary>
internal enum ServeRole
{
    /// <summary>Everything.</summary>
    All,

    /// <summary>The gateway alone: it keeps nothing, and looks after no rollout.</summary>
    Gateway,
}
