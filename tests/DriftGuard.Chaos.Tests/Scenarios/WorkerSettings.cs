using System.Globalization;

namespace DriftGuard.Chaos.Tests.Scenarios;

/// <summary>The worker's configuration.</summary>
internal static class WorkerSettings
{
    public static Task WriteAsync(string folder, ChaosPlan plan, Uri qdrant, CancellationToken cancellation) =>
        File.WriteAllTextAsync(Path.Join(folder, "driftguard.yaml"), string.Create(CultureInfo.InvariantCulture, $$"""
            qdrant: { address: "{{qdrant}}", writeTimeout: {{plan.WriteTimeout.TotalSeconds}}s }
            models: { roots: [./models] }
            calibrationSets: { roots: [./sets] }
            http: { address: "http://127.0.0.1:0" }
            drift: { enabled: false }
            {{(plan.SharedState ? $"state: {{ connectionFile: {StateUnderTest.ConnectionFile} }}" : "")}}
            rollout:
              approval: automatic
              soak: 2s
              retention: 20s
              partitions: 4
              batchSize: 16
              pointsPerSecond: 200
              gate: { rule: point, margin: 0.5 }
              {{plan.RolloutSettings}}
            """), cancellation);
}
