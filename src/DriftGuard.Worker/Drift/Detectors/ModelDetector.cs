using System.Globalization;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Drift.Probes;
using DriftGuard.Embedding;
using DriftGuard.Worker.Drift.Checks;
using DriftGuard.Worker.Drift.Enrolment;
using DriftGuard.Worker.Drift.Origins;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Drift.Detectors;

/// <summary>
/// Is this still the model that was fingerprinted? Digests of spec and files first, which leave nothing to chance; then the probes, each against
/// its own tolerance, and what is beyond it in one run must be so in a fresh one.
/// </summary>
internal sealed class ModelDetector(ModelEnroller enroller) : IDriftDetector
{
    public Detector Detector => Detector.Model;

    public async Task<DetectorResult> RunAsync(DriftSubject subject, CancellationToken cancellation)
    {
        if (subject.Model is not { } found)
        {
            return DetectorResult.Without(Detector, DriftVerdict.InsufficientData, DriftReason.NothingToCompareWith,
                "the collection does not say which model made its vectors: 'driftguard doctor' finds out");
        }

        var findings = new ModelFindings
        {
            Model = found.Name,
            Provider = found.Embedder?.Spec.Provider ?? Unquoted(found.Enrolment?.Members.GetValueOrDefault("provider")) ?? "",
            Enrolled = found.Expected,
            Found = found.Fingerprint?.Id,
            Spec = found.Spec,
            Files = found.Files,
            EnrolledQuantised = found.Enrolment?.Probes.DynamicallyQuantised,
            FoundQuantised = found.Embedder?.IsDynamicallyQuantised,
            EnrolledIdentity = found.Enrolment?.Identity,
        };
        if (found.Embedder is not { } model)
        {
            return found.Files.Any(file => file.Found is not null)
                ? Answer(findings, DriftVerdict.Confirmed, DriftReason.DigestChanged, $"files are not what was fingerprinted, and the model cannot be opened: {found.Problem}", found)
                : Answer(findings, DriftVerdict.Failed, DriftReason.ModelUnavailable, found.Problem ?? "the model cannot be opened", found);
        }

        if (found.Enrolment is not { } enrolment)
        {
            return found.IsExpected ? await EnrolAsync(findings, found, model, cancellation) : Answer(
                findings, DriftVerdict.Confirmed, DriftReason.DigestChanged,
                $"the collection was made with fingerprint {found.Expected[..8]}, the model found has {found.Fingerprint?.Short}; the first was never measured here", found);
        }

        try
        {
            return await CompareAsync(subject, findings, found, model, enrolment, cancellation);
        }
        catch (OperatorException failure) when (!found.IsExpected)
        {
            return Answer(findings, DriftVerdict.Confirmed, DriftReason.DigestChanged, $"spec or files are not what was fingerprinted, and there are no vectors to compare: {failure.Message}", found);
        }
        catch (EmbeddingProviderException failure) when (failure.AnsweredAs is { } other)
        {
            return Answer(findings with { FoundIdentity = other }, DriftVerdict.Confirmed, DriftReason.IdentityChanged, failure.Message, found);
        }
    }

    private async Task<DetectorResult> EnrolAsync(ModelFindings findings, FoundModel found, ITextEmbedder model, CancellationToken cancellation)
    {
        var enrolled = await enroller.EnrolAsync(model, cancellation);
        return Answer(
            findings with { FoundIdentity = enrolled.Identity }, DriftVerdict.InsufficientData, DriftReason.NothingToCompareWith,
            $"the model had not been measured; it is now, by {enrolled.Probes.Vectors.Length} probes, and the next check compares with that", found) with
        {
            Samples = Count(enrolled.Probes.Vectors.Length),
        };
    }

    private static async Task<DetectorResult> CompareAsync(
        DriftSubject subject, ModelFindings findings, FoundModel found, ITextEmbedder model, ModelEnrolment enrolment, CancellationToken cancellation)
    {
        var probes = ProbeSet.Get(enrolment.ProbeVersion);
        var run = await ProbeRunner.RunAsync(model, probes, cancellation);
        findings = findings with { FoundIdentity = ModelEnroller.IdentityOf(model) };
        if (run[0].Length != enrolment.Probes.Vectors[0].Length)
        {
            return Answer(
                findings, DriftVerdict.Confirmed, found.IsExpected ? DriftReason.BeyondTolerance : DriftReason.DigestChanged,
                $"the model gives {run[0].Length} dimensions, {enrolment.Probes.Vectors[0].Length} were fingerprinted", found);
        }

        var seen = ProbeComparison.Of(enrolment.Probes, run);
        findings = findings with { Probes = seen, Categories = Categories(probes, seen), Projection = ProbeProjection.Of(enrolment.Probes.Vectors, run) };
        if (!found.IsExpected)
        {
            var what = found.Files.Count > 0 ? "files" : "spec";
            var moved = seen.IsSuspicious ? $", and {seen.Beyond.Count} of {run.Count} probes moved" : "; the probes are within their tolerance";
            return Measured(findings, seen, DriftVerdict.Confirmed, DriftReason.DigestChanged, $"{what} of model {found.Name} {(what == "spec" ? "is" : "are")} not what was fingerprinted{moved}", found);
        }

        if (!seen.IsSuspicious)
        {
            return Measured(findings, seen, DriftVerdict.None, DriftReason.WithinTolerance,
                string.Create(CultureInfo.InvariantCulture, $"{run.Count - seen.Beyond.Count} of {run.Count} probes within their tolerance, median distance {seen.MedianDistance:0.0e+0}"), found);
        }

        var fresh = ProbeComparison.Of(enrolment.Probes, await ProbeRunner.RunAsync(model, probes, cancellation));
        findings = findings with { FreshProbes = fresh };
        var sentence = string.Create(CultureInfo.InvariantCulture,
            $"{seen.Beyond.Count} of {run.Count} probes beyond their tolerance and {seen.NormsBeyond.Count} of another length, median distance {seen.MedianDistance:0.####}");
        if (!seen.AgreesWith(fresh))
        {
            return Measured(findings, seen, DriftVerdict.Suspected, DriftReason.BeyondToleranceOnce, $"{sentence}; a fresh run did not agree ({fresh.Beyond.Count} beyond)", found) with { Runs = 2 };
        }

        // Only those that moved: most variants give back the others.
        var stored = seen.Beyond.Select(i => new StoredText(probes.Probes[i].Id, probes.Probes[i].Text, enrolment.Probes.Vectors[i], enrolment.Probes.Tolerance(i)) { Kind = probes.Probes[i].Kind }).ToList();
        var variants = await OriginFinder.ReproduceAsync(model, stored, subject.Meter, cancellation);
        return Measured(findings with { Variants = variants }, seen, DriftVerdict.Confirmed, DriftReason.BeyondTolerance, $"{sentence}; a fresh run agreed", found) with { Runs = 2 };
    }

    private static IReadOnlyList<ProbeCategory> Categories(ProbeSet probes, ProbeComparison seen)
    {
        var beyond = seen.Beyond.ToHashSet();
        return
        [
            .. probes.Probes.Select((probe, i) => (probe.Category, i)).GroupBy(p => p.Category, StringComparer.Ordinal).Select(category =>
            {
                var distances = category.Select(p => seen.Distances[p.i]).Order().ToList();
                var tolerances = category.Select(p => seen.Tolerances[p.i]).Order().ToList();
                return new ProbeCategory(category.Key, distances.Count, category.Count(p => beyond.Contains(p.i)), distances[distances.Count / 2])
                {
                    MaxDistance = distances[^1],
                    MedianTolerance = tolerances[tolerances.Count / 2],
                };
            }),
        ];
    }

    private static DetectorResult Measured(ModelFindings findings, ProbeComparison seen, DriftVerdict verdict, string reason, string sentence, FoundModel found) =>
        Answer(findings, verdict, reason, sentence, found) with
        {
            Statistic = new("probes_beyond_tolerance", seen.Beyond.Count),
            Effect = new("median_distance", seen.MedianDistance) { Upper = seen.MaxDistance },
            Samples = Count(seen.Distances.Count),
        };

    private static DetectorResult Answer(ModelFindings findings, DriftVerdict verdict, string reason, string sentence, FoundModel found) =>
        DetectorResult.Without(Detector.Model, verdict, reason, sentence) with { Model = findings, ComparedWith = found.Enrolment?.Id };

    private static Dictionary<string, long> Count(int probes) => new(StringComparer.Ordinal) { ["probes"] = probes };

    private static string? Unquoted(string? json) => json?.Trim('"');
}
