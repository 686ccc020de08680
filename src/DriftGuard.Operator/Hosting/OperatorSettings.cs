namespace DriftGuard.Operator.Hosting;

/// <summary>What an operator looks after, and as whom.</summary>
public sealed record OperatorSettings
{
    /// <summary>Namespaces whose resources are looked after; none for all.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>The namespace of the lease.</summary>
    public required string LeaseNamespace { get; init; }

    /// <summary>The name of the lease.</summary>
    public string LeaseName { get; init; } = "driftguard-operator";

    /// <summary>This process, by a name that no other has.</summary>
    public required string Identity { get; init; }

    /// <summary>For how long a leader that says nothing any more is waited for.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Resources that are looked at at a time, of each kind.</summary>
    public int Workers { get; init; } = 2;
}
