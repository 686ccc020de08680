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
        var nothing = new FoundModel { Name = name, Expected = expected, Enrolment = await enroller.FindAsync(expected, cancellation) };
        try
        {
            return folders.Find(name) is { Spec: { } spec } folder ? OnDisk(nothing, folder, spec, meter) : InPool(nothing, meter);
        }
        catch (Exception problem) when (problem is ModelException or OperatorException or PinningException)
        {
            return nothing with { Problem = problem.Message };
        }
    }

    private FoundModel InPool(FoundModel nothing, EmbeddingMeter meter)
    {
        var model = models.Get(nothing.Name);
        return nothing with { Embedder = meter.Meter(model), Fingerprint = model.Fingerprint, Spec = Differences(nothing.Enrolment, model.Spec) };
    }

    private FoundModel OnDisk(FoundModel nothing, ModelFolder folder, ModelSpec spec, EmbeddingMeter meter)
    {
        var there = FileDigests.Read(folder.Directory, spec);
        var pinned = nothing.Enrolment?.Files ?? spec.Files.ToDictionary(file => file.Role, file => file.Sha256, StringComparer.Ordinal);
        var found = nothing with
        {
            Files = [.. pinned.Where(file => there.GetValueOrDefault(file.Key) != file.Value)
                .Select(file => new FileDifference(file.Key, file.Value, there.GetValueOrDefault(file.Key)))],
            Spec = Differences(nothing.Enrolment, spec),
        };
        if (found.Files.Count == 0 && folder.Fingerprint?.Id == nothing.Expected)
        {
            var pooled = models.Get(nothing.Name, nothing.Expected);
            return found with { Embedder = meter.Meter(pooled), Fingerprint = pooled.Fingerprint };
        }

        try
        {
            // As it is, whatever the spec's digests say: what its vectors are like tells more than that it was exchanged.
            var own = new OpenedModel(EmbeddingModel.OpenAsFound(folder.Directory, new() { Sessions = 1 }));
            return found with { Embedder = meter.Meter(own), Fingerprint = own.Fingerprint, Own = own };
        }
        catch (ModelException problem)
        {
            return found with { Problem = problem.Message };
        }
    }

    private static IReadOnlyList<SpecDifference> Differences(ModelEnrolment? enrolment, ModelSpec spec) => enrolment is null
        ? []
        : [.. SpecMembers.Differences(enrolment.Members, SpecMembers.Of(spec)).Select(d => new SpecDifference(d.Member, d.Before, d.After))];
}
