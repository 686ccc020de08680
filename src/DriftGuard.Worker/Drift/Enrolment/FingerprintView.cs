using DriftGuard.State;

namespace DriftGuard.Worker.Drift.Enrolment;

/// <summary>What a model was when it was fingerprinted, as it is shown.</summary>
/// <param name="Fingerprint">Its fingerprint, 64 hex digits.</param>
/// <param name="Name">Its name.</param>
/// <param name="At">When it was measured.</param>
/// <param name="ProbeVersion">The version of the probe set.</param>
/// <param name="Members">The members of its spec.</param>
/// <param name="Files">Role and SHA-256 of its files.</param>
/// <param name="Identity">As which model the provider answered; null where it does not say.</param>
public sealed record FingerprintView(
    string Fingerprint, string Name, DateTimeOffset At, int ProbeVersion, IReadOnlyDictionary<string, string> Members, IReadOnlyDictionary<string, string> Files, string? Identity)
{
    internal static FingerprintView Of(StoredEnrolment stored)
    {
        var model = ModelEnroller.Read(stored);
        return new(model.Fingerprint, model.Name, model.At, model.ProbeVersion, model.Members, model.Files, model.Identity);
    }
}
