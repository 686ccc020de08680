using System.Globalization;

namespace DriftGuard.Worker.Installation;

/// <summary>The process that holds the data folder, as it wrote itself down beside the lock.</summary>
/// <param name="ProcessId">Its process id on <paramref name="Machine"/>.</param>
/// <param name="Machine">The name of the machine or container it runs on.</param>
/// <param name="Role">What it does, such as <c>serve</c> or <c>index create</c>.</param>
/// <param name="Since">When it took the folder.</param>
/// <param name="QdrantAddress">The gRPC address of its embedded Qdrant, once that answers.</param>
public sealed record LeaseHolder(int ProcessId, string Machine, string Role, DateTimeOffset Since, Uri? QdrantAddress)
{
    /// <summary>Role of the worker: it runs every rollout.</summary>
    public const string Serve = "serve";

    /// <summary>Role of the embedded Qdrant alone: it runs no rollout.</summary>
    public const string Qdrant = "qdrant";

    /// <summary>The rollout that it runs in the foreground; null where it runs none.</summary>
    public string? RolloutId { get; init; }

    /// <summary>It stays until somebody stops it, so that waiting for it is in vain.</summary>
    internal bool Stays => Role is Serve or Qdrant;

    /// <summary>Whether it runs a rollout.</summary>
    public bool Runs(string rolloutId) => Role == Serve || RolloutId == rolloutId;

    /// <inheritdoc/>
    public override string ToString() =>
        $"pid {ProcessId}, {Role} since {Since.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)}"
        + (Machine == Environment.MachineName ? "" : $" on {Machine}");
}
