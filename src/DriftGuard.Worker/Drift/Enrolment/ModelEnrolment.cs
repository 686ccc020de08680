using DriftGuard.Core.Drift.Probes;

namespace DriftGuard.Worker.Drift.Enrolment;

/// <summary>What a model was when it was fingerprinted: its spec and files by name, its probes' vectors, and their noise.</summary>
/// <param name="Fingerprint">Its fingerprint, 64 hex digits.</param>
/// <param name="Name">Its name.</param>
/// <param name="At">When it was measured.</param>
/// <param name="ProbeVersion">The version of the probe set.</param>
/// <param name="Members">The members of its spec, see <see cref="Core.Embedding.SpecMembers"/>.</param>
/// <param name="Files">Role and SHA-256 of its files.</param>
/// <param name="Identity">As which model the provider answered; null where it does not say.</param>
/// <param name="Probes">Vectors and noise of the probes.</param>
public sealed record ModelEnrolment(
    string Fingerprint,
    string Name,
    DateTimeOffset At,
    int ProbeVersion,
    IReadOnlyDictionary<string, string> Members,
    IReadOnlyDictionary<string, string> Files,
    string? Identity,
    ProbeBaseline Probes)
{
    /// <summary>How a report names what it compared with.</summary>
    public string Id => FormattableString.Invariant($"fingerprint {Fingerprint[..8]}, measured {At:u}");
}
