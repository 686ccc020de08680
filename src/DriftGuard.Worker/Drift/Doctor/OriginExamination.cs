using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Drift.Sampling;
using DriftGuard.Embedding;
using DriftGuard.Worker.Drift.Points;

namespace DriftGuard.Worker.Drift.Doctor;

/// <summary>Holds models against one sample under one text field.</summary>
/// <param name="trials">Embeds.</param>
/// <param name="report">What is known before.</param>
/// <param name="sample">The points with their texts.</param>
/// <param name="lengthsMatter">Whether the collection compares lengths.</param>
internal sealed class OriginExamination(ModelTrials trials, OriginReport report, IReadOnlyList<SampledDocument> sample, bool lengthsMatter)
{
    private const int PermutationsOfScan = 999;
    private const int Reported = 3;

    private readonly List<TriedModel> tried = [];

    public async Task<OriginReport> RunAsync(IReadOnlyList<Suspect> suspects, int fewest, Action<string>? progress, CancellationToken cancellation)
    {
        var known = SampleFacts.OfTexts(sample, report);
        var dimensions = report.Dimensions!.Value;
        var points = sample.Where(point => point.Text is not null && !point.HasBadVector(dimensions) && !SampleFacts.IsEdited(point)).ToList();
        known = known with { Compared = points.Count };
        if (points.Count < fewest)
        {
            return known with
            {
                Sentence = $"only {points.Count} of {sample.Count} sampled points of {report.Collection} can be compared: {known.WithoutText.Points} have no text under '{report.TextField!.Field}', {known.BadVectors.Points} have a vector that no model gives, {known.TextEdited.Points} were edited since",
            };
        }

        var models = await TryModelsAsync(suspects, points, dimensions, progress, cancellation);
        if (models.Count == 0)
        {
            return known with { Tried = tried, Sentence = $"none of the models of {dimensions} dimensions can be opened: {string.Join("; ", tried.Select(t => $"{t.Model}: {t.Problem}"))}" };
        }

        var fits = models.Select(model => model.Fit).OfType<CandidateFit>().ToList();
        var unexplained = Unexplained(points, fits);
        foreach (var model in models.Where(_ => unexplained.Count > 0).OrderBy(model => model.Fit?.Median ?? 2))
        {
            progress?.Invoke($"{model.Suspect.Name}, made in other ways");
            fits.AddRange(await TryVariantsAsync(model, points, unexplained, cancellation));
            unexplained = Unexplained(points, fits);
            if (unexplained.Count == 0)
            {
                break;
            }
        }

        return OriginSentences.Judge(Attribute(known, points, fits) with { Tried = tried });
    }

    private async Task<List<ModelTrial>> TryModelsAsync(IReadOnlyList<Suspect> suspects, IReadOnlyList<SampledDocument> points, int dimensions, Action<string>? progress, CancellationToken cancellation)
    {
        var models = new List<ModelTrial>();
        foreach (var suspect in suspects)
        {
            progress?.Invoke(suspect.Name);
            try
            {
                models.Add(await trials.TryAsync(suspect, points, dimensions, lengthsMatter, report.Seed, cancellation));
                tried.Add(new(suspect.Name, null));
            }
            catch (ModelException problem)
            {
                tried.Add(new(suspect.Name, problem.Message));
            }
        }

        return models;
    }

    private async Task<IReadOnlyList<CandidateFit>> TryVariantsAsync(ModelTrial model, IReadOnlyList<SampledDocument> points, IReadOnlyList<int> unexplained, CancellationToken cancellation)
    {
        try
        {
            return await ModelTrials.VariantsAsync(model, points, unexplained, lengthsMatter, cancellation);
        }
        catch (ModelException)
        {
            return []; // The folder changed meanwhile: the model as it is was tried.
        }
    }

    private static List<int> Unexplained(IReadOnlyList<SampledDocument> points, IReadOnlyList<CandidateFit> fits) =>
        [.. Enumerable.Range(0, points.Count).Where(point => !fits.Any(fit => fit.GivenBack[point]))];

    private OriginReport Attribute(OriginReport known, IReadOnlyList<SampledDocument> points, IReadOnlyList<CandidateFit> fits)
    {
        var maker = Attribution.Of(points.Count, fits);
        var makers = Enumerable.Range(0, fits.Count).Select(i => (Fit: fits[i], Mine: maker.Select(m => m == i).ToList())).Where(m => m.Mine.Contains(true))
            .OrderByDescending(m => m.Mine.Count(mine => mine)).ToList();
        var time = TimeField.Find(points);
        var rest = Enumerable.Range(0, points.Count).Where(point => maker[point] < 0).ToList();
        return known with
        {
            Makers =
            [
                .. makers.Select((m, place) => Share(m.Fit, m.Mine, points, known.Points) with
                {
                    Block = place == 0 ? null : Block(m.Mine, points),
                    Groups = place == 0 ? [] : Groups(m.Mine, points, time),
                }),
            ],
            Unexplained = SampleFacts.Count(rest.Select(point => points[point])),
            Closest = rest.Count == 0 ? [] : [.. fits.Select(fit => Closeness(fit, rest)).OrderBy(fit => fit.MedianDistance).Take(Reported)],
        };
    }

    private static OriginShare Share(CandidateFit fit, IReadOnlyList<bool> mine, IReadOnlyList<SampledDocument> points, long population)
    {
        var distances = Enumerable.Range(0, points.Count).Where(point => mine[point]).Select(point => fit.Distances[point]).Order().ToList();
        return new(fit.Model, fit.Fingerprint, fit.Variant, MismatchShare.Of(distances.Count, points.Count, Math.Max(population, points.Count)), distances[distances.Count / 2]);
    }

    private static VariantFit Closeness(CandidateFit fit, IReadOnlyList<int> rest)
    {
        var distances = rest.Select(point => fit.Distances[point]).Select(distance => double.IsNaN(distance) ? 2 : distance).Order().ToList();
        return new(fit.Variant is null ? fit.Model : $"{fit.Model} with {fit.Variant}", fit.Aspect, fit.Explanation, rest.Count, 0, distances[distances.Count / 2]);
    }

    private MismatchBlock? Block(IReadOnlyList<bool> mine, IReadOnlyList<SampledDocument> points) =>
        BinomialScan.Find(mine, PermutationsOfScan, report.Seed) is { P: <= .05 } scan ? new(points[scan.First].Id.ToString(), points[scan.Last].Id.ToString(), scan) : null;

    private static IReadOnlyList<GroupShare> Groups(IReadOnlyList<bool> mine, IReadOnlyList<SampledDocument> points, (string Field, IReadOnlyList<string?> Buckets)? time) =>
        [.. GroupShares.Compare([.. points.Select((point, i) => new SampledPoint(point.Id.ToString(), 0, mine[i] ? 1 : 0, .5, GroupsOf(point, i, time)))]).Where(group => group.AdjustedP <= .05)];

    private static Dictionary<string, string> GroupsOf(SampledDocument point, int position, (string Field, IReadOnlyList<string?> Buckets)? time)
    {
        var groups = new Dictionary<string, string>(StringComparer.Ordinal) { ["stamp"] = point.Stamp is { } stamp ? stamp.Fingerprint[..Math.Min(8, stamp.Fingerprint.Length)] : "none" };
        if (time is { } field && field.Buckets[position] is { } bucket)
        {
            groups[field.Field] = bucket;
        }

        return groups;
    }
}
