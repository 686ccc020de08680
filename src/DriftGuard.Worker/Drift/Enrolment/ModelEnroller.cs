using System.Text.Json;
using DriftGuard.Core.Drift.Probes;
using DriftGuard.Core.Embedding;
using DriftGuard.State;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Drift.Enrolment;

/// <summary>Measures a model when it is fingerprinted, and finds what was measured.</summary>
public sealed class ModelEnroller(StateStore state, TimeProvider time)
{
    /// <summary>Runs over the probes that teach their noise.</summary>
    public const int Repeats = 5;

    /// <summary>What was measured of a model; null if it was not.</summary>
    public async Task<ModelEnrolment?> FindAsync(string fingerprint, CancellationToken cancellation) =>
        await state.FindEnrolmentAsync(fingerprint, cancellation) is { } stored ? Read(stored) : null;

    /// <summary>What was measured of a model, which is measured now if it was not before.</summary>
    /// <exception cref="OperatorException">The model gives no vector for a probe.</exception>
    public async Task<ModelEnrolment> EnsureAsync(ITextEmbedder model, CancellationToken cancellation) =>
        await FindAsync(model.Fingerprint.Id, cancellation) ?? await EnrolAsync(model, cancellation);

    /// <summary>Measures a model: each probe by itself, <see cref="Repeats"/> times. What was measured before is replaced.</summary>
    /// <exception cref="OperatorException">The model gives no vector for a probe.</exception>
    public async Task<ModelEnrolment> EnrolAsync(ITextEmbedder model, CancellationToken cancellation)
    {
        var runs = new List<IReadOnlyList<float[]>>();
        for (var i = 0; i < Repeats; i++)
        {
            runs.Add(await ProbeRunner.RunAsync(model, ProbeSet.Current, cancellation));
        }

        var enrolment = new ModelEnrolment(
            model.Fingerprint.Id, model.Spec.Name, time.GetUtcNow(), ProbeSet.Current.Version, SpecMembers.Of(model.Spec),
            model.Spec.Files.ToDictionary(file => file.Role, file => file.Sha256, StringComparer.Ordinal), IdentityOf(model),
            ProbeBaseline.Learn(runs, model.IsDynamicallyQuantised));
        await state.SaveEnrolmentAsync(Write(enrolment), cancellation);
        return enrolment;
    }

    /// <summary>As which model a provider answers, with what it says of its system; null where it says nothing.</summary>
    public static string? IdentityOf(ITextEmbedder model) => model.Identities.Count == 0 ? null : model.Identities[^1].Model;

    private static StoredEnrolment Write(ModelEnrolment e) => new(
        e.Fingerprint, e.At, e.ProbeVersion,
        JsonSerializer.Serialize(new Measured(e.Name, e.Members, e.Files, e.Identity, e.Probes.Noise, e.Probes.NormNoise, e.Probes.MatrixNoise, e.Probes.DynamicallyQuantised), DriftJson.Options),
        VectorBlob.Write(e.Probes.Vectors));

    internal static ModelEnrolment Read(StoredEnrolment stored)
    {
        var m = JsonSerializer.Deserialize<Measured>(stored.Json, DriftJson.Options) ?? throw new StateException($"the stored enrolment of {stored.Fingerprint} is empty");
        var dimensions = stored.Vectors.Length / sizeof(float) / m.Noise.Length;
        return new(
            stored.Fingerprint, m.Name, stored.At, stored.ProbeVersion, m.Members, m.Files, m.Identity,
            new()
            {
                Vectors = [.. VectorBlob.Read(stored.Vectors, dimensions)],
                Noise = m.Noise,
                NormNoise = m.NormNoise,
                MatrixNoise = m.MatrixNoise,
                DynamicallyQuantised = m.Quantised,
            });
    }

    private sealed record Measured(
        string Name, IReadOnlyDictionary<string, string> Members, IReadOnlyDictionary<string, string> Files, string? Identity,
        double[] Noise, double NormNoise, double MatrixNoise, bool Quantised);
}
