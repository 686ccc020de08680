using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Embedding.Pinning;
using DriftGuard.Worker.Drift.Enrolment;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Drift.Checks;

/// <summary>
/// Looks what lies under a model's name on the disk. A model that was opened long ago goes on as it was; the next process gets what lies
/// there now, and so does a check.
/// </summary>
internal sealed class ModelFinder(ModelPool models, ModelFolders folders, ModelEnroller enroller)
{
    /// <summary>Finds a model. What is wrong with it is part of the answer.</summary>
    public async Task<FoundModel> FindAsync(string name, string expected, EmbeddingMeter meter, CancellationToken cancellation)
    {
        var enrolment = await enroller.FindAsync(expected, cancellation);
        try
        {
            return folders.Find(name) is { Spec: { } spec } folder
                ? OnDisk(name, expected, enrolment, folder, spec, meter)
                : InPool(name, expected, enrolment, meter);
        }
        catch (Exception problem) when (problem is ModelException or OperatorException or PinningException)
        {
            return new() { Name = name, Expected = expected, Enrolment = enrolment, Problem = problem.Message };
        }
    }

    private FoundModel InPool(string name, string expected, ModelEnrolment? enrolment, EmbeddingMeter meter)
    {
        var model = models.Get(name);
        return new()
        {
            Name = name,
            Expected = expected,
            Enrolment = enrolment,
            Embedder = meter.Meter(model),
            Fingerprint = model.Fingerprint,
            Spec = Differences(enrolment, model.Spec),
        };
    }

    private FoundModel OnDisk(string name, string expected, ModelEnrolment? enrolment, ModelFolder folder, ModelSpec spec, EmbeddingMeter meter)
    {
        var there = FileDigests.Read(folder.Directory, spec);
        var pinned = enrolment?.Files ?? spec.Files.ToDictionary(file => file.Role, file => file.Sha256, StringComparer.Ordinal);
        var files = pinned.Where(file => there.GetValueOrDefault(file.Key) != file.Value)
            .Select(file => new FileDifference(file.Key, file.Value, there.GetValueOrDefault(file.Key))).ToList();
        var answer = new FoundModel { Name = name, Expected = expected, Enrolment = enrolment, Files = files, Spec = Differences(enrolment, spec) };
        if (files.Count == 0 && folder.Fingerprint?.Id == expected)
        {
            var pooled = models.Get(name, expected);
            return new() { Name = name, Expected = expected, Enrolment = enrolment, Embedder = meter.Meter(pooled), Fingerprint = pooled.Fingerprint };
        }

        try
        {
            // As it is, whatever the spec's digests say: what its vectors are like tells more than that it was exchanged.
            var own = new OpenedModel(EmbeddingModel.OpenAsFound(folder.Directory, new() { Sessions = 1 }));
            return new()
            {
                Name = name,
                Expected = expected,
                Enrolment = enrolment,
                Files = files,
                Spec = answer.Spec,
                Embedder = meter.Meter(own),
                Fingerprint = own.Fingerprint,
                Own = own,
            };
        }
        catch (ModelException problem)
        {
            return new() { Name = name, Expected = expected, Enrolment = enrolment, Files = files, Spec = answer.Spec, Problem = problem.Message };
        }
    }

    private static IReadOnlyList<SpecDifference> Differences(ModelEnrolment? enrolment, ModelSpec spec) => enrolment is null
        ? []
        : [.. SpecMembers.Differences(enrolment.Members, SpecMembers.Of(spec)).Select(d => new SpecDifference(d.Member, d.Before, d.After))];
}
