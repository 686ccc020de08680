using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Drift.Sampling;
using DriftGuard.Core.Points;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Drift.Checks;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Drift.Points;

/// <summary>Reads what stamps say, and looks whether what they contradict does harm: a foreign writer with the right model harms nobody.</summary>
internal sealed class StampReader(QdrantStore qdrant, PointSampler sampler, StateStore state)
{
    public async Task<StampCensus> ReadAsync(DriftSubject subject, IndexSample sample, ITextEmbedder model, SelfNoise noise, CancellationToken cancellation)
    {
        var (collection, fingerprint) = (subject.CollectionName!, subject.Model!.Expected);
        var documents = sample.All.Select(point => point.Document).ToList();
        var whole = sample.Population <= subject.Options.Index.ScanUpTo;
        var scan = whole
            ? await StampScan.WholeAsync(qdrant, collection, fingerprint, subject.Corpus, cancellation)
            : StampScan.OfSample(documents, fingerprint);
        if (whole)
        {
            scan.AddVectors(documents);
        }

        if (scan.Stamped == 0)
        {
            // A collection that DriftGuard has not written carries no stamps, and nothing contradicts it.
            return scan.Census(whole, new Dictionary<PointId, bool>(), null);
        }

        var verified = await VerifyAsync(subject, scan.Suspects, model, noise, cancellation);
        return scan.Census(whole, verified, await WriterOfAsync(scan.OldestBad, cancellation));
    }

    /// <summary>When the process had started that wrote a revision; null where that is not on record.</summary>
    public async Task<DateTimeOffset?> WriterOfAsync(Revision? revision, CancellationToken cancellation) =>
        revision is { } r && (await state.LeaseEpochTimesAsync([r.Epoch], cancellation)).TryGetValue(r.Epoch, out var at) ? at : null;

    private async Task<IReadOnlyDictionary<PointId, bool>> VerifyAsync(
        DriftSubject subject, IReadOnlyList<PointId> suspects, ITextEmbedder model, SelfNoise noise, CancellationToken cancellation)
    {
        var read = await sampler.ReadAsync(subject.CollectionName!, subject.Corpus, suspects, cancellation);
        var points = await Reembedding.RunAsync(model, read, cancellation);
        return points.Where(point => point.IsCompared || point.Document.HasBadVector(model.Spec.Dimensions)).ToDictionary(point => point.Document.Id, point => IsWrong(point, noise));
    }

    /// <summary>
    /// Whether a vector is not that of its text. Where the text was edited and the vector is still the one that was stamped, an edit that moves
    /// vectors by less than the tolerance shows too: the sketch of what it should be is another.
    /// </summary>
    private static bool IsWrong(ReembeddedPoint point, SelfNoise noise)
    {
        var document = point.Document;
        return document is { IsTextEdited: true, IsVectorReplaced: false } && point.Made is { } made
            ? !VectorSketch.Matches(document.Stamp!.VectorSketch, VectorSketch.Of(made))
            : !(point.Distance <= noise.ThresholdOf(document.Text?.Length ?? 0));
    }
}
