using System.Globalization;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Findings;
using DriftGuard.Worker.Drift.Checks;
using DriftGuard.Worker.Drift.Points;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Drift.Detectors;

/// <summary>
/// Were the stored vectors made by the model? Stamps and texts are read in full where the collection is not too large; a systematic sample is
/// embedded again. What mismatches is read and embedded once more, and a fresh sample is drawn, before it is confirmed.
/// </summary>
internal sealed class IndexDetector(PointSampler sampler, MismatchReport report, StampReader stamps) : IDriftDetector
{
    /// <summary>Compared points without which nothing is said, unless the collection has no more.</summary>
    private const int FewestCompared = 20;

    public Detector Detector => Detector.Index;

    public async Task<DetectorResult> RunAsync(DriftSubject subject, CancellationToken cancellation)
    {
        if (subject.Collection is not { } collection)
        {
            return DetectorResult.Without(Detector, DriftVerdict.Failed, DriftReason.NotAsDeclared, $"alias '{subject.Index}' points to no collection");
        }

        if (subject.Model is not { Embedder: { } model } found)
        {
            return DetectorResult.Without(
                Detector, subject.Model is null ? DriftVerdict.InsufficientData : DriftVerdict.Failed, subject.Model is null ? DriftReason.NothingToCompareWith : DriftReason.ModelUnavailable,
                subject.Model?.Problem ?? "the collection does not say which model made its vectors");
        }

        if (collection.DenseVector(subject.Corpus.Vector) is null)
        {
            return DetectorResult.Without(Detector, DriftVerdict.Failed, DriftReason.NotAsDeclared, IndexVectors.WhyNot(subject.Corpus.Vector, collection));
        }

        var (drawn, population) = await sampler.DrawAsync(subject.CollectionName!, subject.Corpus, subject.Sample, subject.Seed, new HashSet<PointId>(), cancellation);
        if (drawn.Count == 0)
        {
            return DetectorResult.Without(Detector, DriftVerdict.InsufficientData, DriftReason.TooFew, $"collection {subject.CollectionName} has no points") with { Seed = subject.Seed };
        }

        var points = await Reembedding.RunAsync(model, drawn, cancellation);
        var noise = await Reembedding.NoiseAsync(model, points, subject.Meter, subject.Seed, cancellation);
        var sample = new IndexSample(population, noise);
        sample.Add(points);
        var runs = 1;
        if (sample.Mismatches.Count > 0)
        {
            runs = 2;
            await sample.AgainAsync(model, await sampler.ReadAsync(subject.CollectionName!, subject.Corpus, sample.MismatchIds, cancellation), cancellation);
            if (sample.Mismatches.Count > 0 && sample.Compared < population)
            {
                var (fresh, _) = await sampler.DrawAsync(subject.CollectionName!, subject.Corpus, subject.Sample, unchecked(subject.Seed + 1), sample.Ids, cancellation);
                sample.Add(await Reembedding.RunAsync(model, fresh, cancellation));
            }
        }

        var census = await stamps.ReadAsync(subject, sample, model, noise, cancellation);
        var findings = await report.OfAsync(subject, sample, census, model, cancellation);
        return Answer(subject, found, sample, findings, runs);
    }

    private static DetectorResult Answer(DriftSubject subject, FoundModel found, IndexSample sample, IndexFindings findings, int runs)
    {
        var (verdict, reason) = Judge(subject, sample, findings);
        var share = findings.Mismatches!;
        var result = DetectorResult.Without(Detector.Index, verdict, reason, Sentence(sample, findings, verdict)) with
        {
            Statistic = new("mismatches", share.Mismatches),
            Effect = new("mismatch_share", share.Share) { Lower = share.Lower95, Upper = share.Upper95 },
            Samples = new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["points"] = sample.Population,
                ["embedded_again"] = sample.Compared,
                ["stamps_read"] = findings.Stamps?.Points ?? 0,
            },
            Seed = subject.Seed,
            Runs = runs,
            Index = findings,
            P = findings.Block?.Scan.P,
        };
        return result with { ComparedWith = $"model {found.Name} {found.Fingerprint?.Short}" };
    }

    private static (DriftVerdict Verdict, string Reason) Judge(DriftSubject subject, IndexSample sample, IndexFindings findings)
    {
        var stamps = findings.Stamps;
        if (findings.BadVectors.Points > 0)
        {
            return (DriftVerdict.Confirmed, DriftReason.BadVectors);
        }

        if (findings.Mismatches is { IsBeyondNegligible: true })
        {
            return (DriftVerdict.Confirmed, DriftReason.BeyondTolerance);
        }

        if (stamps is { AnyStamped: true } && stamps.TextEdited.Wrong + stamps.ForeignFingerprint.Wrong + stamps.VectorReplaced.Wrong + stamps.Unstamped.Wrong + stamps.Pending.Points > 0)
        {
            return (DriftVerdict.Confirmed, DriftReason.StampsContradict);
        }

        if (findings.Mismatches is { IsSuspicious: true })
        {
            return (DriftVerdict.Suspected, DriftReason.BeyondToleranceOnce);
        }

        return sample.Compared < Math.Min(FewestCompared, sample.Population) || sample.Compared == 0
            ? (DriftVerdict.InsufficientData, DriftReason.TooFew)
            : (DriftVerdict.None, DriftReason.WithinTolerance);
    }

    private static string Sentence(IndexSample sample, IndexFindings findings, DriftVerdict verdict)
    {
        var share = findings.Mismatches!;
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{share.Mismatches} of {sample.Compared} points embedded again are not given back by the model (95 % at most {share.Upper95:0.##%}), median distance {findings.MedianDistance:0.0e+0}");
        if (verdict == DriftVerdict.InsufficientData)
        {
            text = findings.NotCompared.Points == 0 ? $"{sample.Compared} points are too few to say: take {FewestCompared} or more with --sample" : $"only {sample.Compared} of {sample.Drawn} sampled points could be compared: {findings.NotCompared.Points} have no text under the index' field, or one that the model refuses";
        }

        if (findings.BadVectors.Points > 0)
        {
            text += $"; {findings.BadVectors.Points} sampled vectors are ones that no model gives";
        }

        if (findings.Stamps is { AnyStamped: true } stamps)
        {
            (string What, PointCount Count)[] wrong =
            [
                ("texts edited without their vector", stamps.TextEdited), ("stamped with another fingerprint", stamps.ForeignFingerprint),
                ("vectors replaced", stamps.VectorReplaced), ("points without a stamp", stamps.Unstamped), ("updates cut off", stamps.Pending),
            ];
            text += string.Concat(wrong.Where(w => w.Count.Points > 0).Select(w => $"; {w.Count.Points} {w.What}{(w.Count.Checked is { } looked ? $" ({w.Count.Wrong} of {looked} looked at are not the vectors of their texts)" : "")}"));
        }

        return text;
    }
}
