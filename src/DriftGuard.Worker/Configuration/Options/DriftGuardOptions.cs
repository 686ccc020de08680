namespace DriftGuard.Worker.Configuration;

/// <summary>Everything that can be set: the tree of <c>driftguard.yaml</c>, of the environment and of the chart's values.</summary>
/// <remarks>
/// A key in the file is the property's name in camelCase (<c>rollout.batchSize</c>); in the environment its path is written
/// <c>DRIFTGUARD__ROLLOUT__BATCHSIZE</c>. <see cref="DriftGuardConfiguration.Load"/> reads, binds and validates it.
/// </remarks>
public sealed record DriftGuardOptions
{
    /// <summary>
    /// The folder that holds the state and the embedded Qdrant's files. Unless set: <c>$XDG_DATA_HOME/driftguard</c>, or
    /// <c>~/.local/share/driftguard</c>.
    /// </summary>
    [PathSetting]
    public string DataDirectory { get; init; } = "";

    /// <summary>Where the state is: a PostgreSQL database, or a file in the data folder.</summary>
    public StateSettings State { get; init; } = new();

    /// <summary>Where the vectors are: a Qdrant by its address, or the embedded one.</summary>
    public QdrantSettings Qdrant { get; init; } = new();

    /// <summary>Where embedding models are found and how they are run.</summary>
    public ModelsOptions Models { get; init; } = new();

    /// <summary>Where calibration sets are found.</summary>
    public CalibrationSetsOptions CalibrationSets { get; init; } = new();

    /// <summary>The indexes that are declared here; others can be created and named on the command line.</summary>
    public IReadOnlyList<IndexOptions> Indexes { get; init; } = [];

    /// <summary>How a rollout copies, waits and decides.</summary>
    public RolloutOptions Rollout { get; init; } = new();

    /// <summary>When indexes are checked for drift, and what is kept of it.</summary>
    public DriftOptions Drift { get; init; } = new();

    /// <summary>Where <c>driftguard serve</c> answers over HTTP.</summary>
    public HttpOptions Http { get; init; } = new();

    /// <summary>Who may do what.</summary>
    public SecurityOptions Security { get; init; } = new();

    /// <summary>How much the gateway does at a time.</summary>
    public GatewayOptions Gateway { get; init; } = new();

    /// <summary>Bridges, by which queries of a new model search a collection whose own model is gone.</summary>
    public BridgeOptions Bridge { get; init; } = new();

    /// <summary>Who is told of what happens to indexes.</summary>
    public NotificationsOptions Notifications { get; init; } = new();

    /// <summary>What is told to Prometheus and OpenTelemetry.</summary>
    public TelemetryOptions Telemetry { get; init; } = new();

    /// <summary>What is logged and how.</summary>
    public LogOptions Log { get; init; } = new();
}
