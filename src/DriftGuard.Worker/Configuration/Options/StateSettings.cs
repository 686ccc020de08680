namespace DriftGuard.Worker.Configuration;

/// <summary>Where the state is kept. Unless set: in a SQLite file in the data folder, for one process at a time.</summary>
public sealed record StateSettings
{
    /// <summary>
    /// A PostgreSQL database for any number of processes, such as <c>Host=db;Database=driftguard;Username=driftguard;Password=...</c>. Prefer
    /// <see cref="ConnectionFile"/>.
    /// </summary>
    [SecretSetting]
    public string? Connection { get; init; }

    /// <summary>A file that holds the connection, such as a mounted secret; white space around it is ignored.</summary>
    [PathSetting]
    public string? ConnectionFile { get; init; }

    /// <summary>Whether several processes share the state.</summary>
    public bool IsShared => Connection is not null || ConnectionFile is not null;

    /// <summary>The connection, read from <see cref="ConnectionFile"/> where that is set; null where neither is.</summary>
    /// <exception cref="IOException">The file cannot be read any more; it could when the configuration was loaded.</exception>
    public string? ReadConnection() => ConnectionFile is null ? Connection : File.ReadAllText(ConnectionFile).Trim();
}
