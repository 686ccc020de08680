namespace DriftGuard.Cli.Commands.Serve;

/// <summary>What a process of <c>serve</c> does.</summary>
internal enum ServeRole
{
    /// <summary>Everything.</summary>
    All,

    /// <summary>Rollouts, schedules, notifications and the figures of the installation; over HTTP, health and metrics alone.</summary>
    Worker,

    /// <summary>The management API and the page: what is asked of it stands in the state, where a worker finds it.</summary>
    Api,

    /// <summary>The gateway alone: it keeps nothing, and looks after no rollout.</summary>
    Gateway,
}

/// <summary>What belongs to a role.</summary>
internal static class ServeRoles
{
    /// <summary>Whether it looks after rollouts and schedules.</summary>
    public static bool Works(this ServeRole role) => role is ServeRole.All or ServeRole.Worker;

    /// <summary>Whether it answers people and what acts for them.</summary>
    public static bool Manages(this ServeRole role) => role is ServeRole.All or ServeRole.Api;

    /// <summary>Whether it answers applications.</summary>
    public static bool IsGateway(this ServeRole role) => role is ServeRole.All or ServeRole.Gateway;

    /// <summary>The command line of a process that runs in this role beside a worker, for others to read.</summary>
    public static string CommandLine(this ServeRole role) => $"serve --role {role}".ToLowerInvariant();
}
