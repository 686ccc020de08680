using System.Numerics.Tensors;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Documents;
using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Drift.Queries;
using DriftGuard.Core.Statistics;
using DriftGuard.State;
using DriftGuard.Worker.Drift.Baselines;
using DriftGuard.Worker.Drift.Checks;
using DriftGuard.Worker.Drift.Points;
using DriftGuard.Worker.Drift.Queries;

namespace DriftGuard.Worker.Drift.Detectors;

/// <summary>
/// Do documents and queries still look like those it was calibrated on? Queries by day against past days, since those of one day are alike;
/// documents by a fresh sample against the baseline's. What a day shows, the next one must show too.
/// </summary>
internal sealed class DataDetector(StateStore state, PointSampler sampler) : IDriftDetector
{
    /// <summary>A language is named where it has this share before or now.</summary>
    private const double LeastShare = .02;

    private const int NewDocumentsShown = 5;
    private const int MostQueriesADay = 500;

    /// <summary>How long after a switch an application may still embed with the model before.</summary>
    private static readonly TimeSpan GraceOfSwitch = TimeSpan.FromHours(1);

    public Detector Detector => Detector.Data;

    public async Task<DetectorResult> RunAsync(DriftSubject subject, CancellationToken cancellation)
    {
        if (subject.CollectionName is null || subject.Model is not { } model)
        {
            return DetectorResult.Without(Detector, DriftVerdict.Failed, DriftReason.NotAsDeclared, $"alias '{subject.Index}' points to no collection, or its collection does not say which model made it");
        }

        if (subject.Baseline is not { } baseline)
        {
            return DetectorResult.Without(Detector, DriftVerdict.InsufficientData, DriftReason.NothingToCompareWith, BaselineKind.NoneYet(subject.Index));
        }

        var today = DateOnly.FromDateTime(subject.At.UtcDateTime);
        var observed = new List<QueryObservation>();
        foreach (var day in await state.QueryDaysAsync(subject.Index, cancellation))
        {
            // In the order of the reservoir: the first of a day are a random part of it, and more are not looked at.
            observed.AddRange((await state.QueriesAsync(subject.Index, fingerprint: null, day.Day, day.Day, cancellation)).Take(MostQueriesADay));
        }

        var days = QueryDays.Of(observed, today);
        var switched = (await state.ListRolloutsAsync(subject.Index, cancellation)).Select(rollout => rollout.Switch?.At ?? rollout.CutOverAt).Max();
        var findings = days is null ? new DataFindings() : await QueriesAsync(subject, days, model.Expected, baseline, switched, cancellation);
        findings = await DocumentsAsync(subject, baseline, findings, cancellation);
        return Answer(subject, baseline, days, findings);
    }

    private static async Task<DataFindings> QueriesAsync(DriftSubject subject, QueryDays days, string fingerprint, DriftBaseline baseline, DateTimeOffset? switched, CancellationToken cancellation)
    {
        var own = QueryDays.Under(fingerprint, days.Today);
        var findings = new DataFindings
        {
            Day = days.Today.Day,
            ForeignFingerprints = days.Today.Queries.Where(query => query.Fingerprint != fingerprint && !(query.At < switched + GraceOfSwitch)).GroupBy(query => query.Fingerprint, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => (long)group.Count(), StringComparer.Ordinal),
            OwnModel = await QuerySideCheck.ReproduceAsync(subject, days.Today.Queries, cancellation),
            Languages = Languages(days),
        };
        if (baseline.Queries is not { } queries || (own.Queries.Count > 0 && own.Queries[0].Vector.Length != baseline.Schema.Dimensions))
        {
            return findings;
        }

        return findings with
        {
            Queries = QueryDrift.Judge(
                own, days.Confirming is { } other ? QueryDays.Under(fingerprint, other) : null, [.. days.Past.Select(day => QueryDays.Under(fingerprint, day))],
                queries.Baseline, new() { Independent = subject.Options.Queries.Independent, Seed = subject.Seed }),
            Coverage = [.. days.Past.Concat(days.Confirming is { } second ? [second] : []).Append(days.Today).DistinctBy(day => day.Day).OrderBy(day => day.Day)
                .Select(day => QueryDays.Under(fingerprint, day)).Where(day => day.Queries.Count > 0)
                .Select(day => new CoverageDay(day.Day, day.Queries.Count, day.Queries.Count(query => query.BestScore < queries.Baseline.CoverageThreshold) / (double)day.Queries.Count))],
            Displacement = QuerySideCheck.Displacement(own, queries),
        };
    }

    private async Task<DataFindings> DocumentsAsync(DriftSubject subject, DriftBaseline baseline, DataFindings findings, CancellationToken cancellation)
    {
        if (baseline.Documents is not { } documents || baseline.Fingerprint != subject.Model!.Expected)
        {
            return findings;
        }

        var now = await DrawAsync(subject, baseline, subject.Seed, cancellation);
        var found = DocumentDrift.Judge(documents.Vectors, [.. now.Select(point => point.Vector!)], documents.Bandwidth, subject.Seed);
        if (found.Verdict == DriftVerdict.Suspected)
        {
            var fresh = await DrawAsync(subject, baseline, unchecked(subject.Seed + 1), cancellation);
            found = DocumentDrift.Judge(documents.Vectors, [.. now.Select(point => point.Vector!)], documents.Bandwidth, subject.Seed, [.. fresh.Select(point => point.Vector!)]);
        }

        return findings with
        {
            Documents = found,
            NewDocuments = found.Verdict.IsDrift() ? LeastLike(documents.Vectors, now) : [],
        };
    }

    private async Task<IReadOnlyList<SampledDocument>> DrawAsync(DriftSubject subject, DriftBaseline baseline, int seed, CancellationToken cancellation)
    {
        var (points, _) = await sampler.DrawAsync(subject.CollectionName!, subject.Corpus, BaselineTaker.MostDocuments, seed, new HashSet<PointId>(), cancellation);
        return [.. points.Where(point => !point.HasBadVector(baseline.Schema.Dimensions))];
    }

    /// <summary>Documents whose nearest one of the baseline is the farthest.</summary>
    private static IReadOnlyList<string> LeastLike(IReadOnlyList<float[]> baseline, IReadOnlyList<SampledDocument> now) =>
        [.. now.OrderBy(point => baseline.Max(vector => TensorPrimitives.CosineSimilarity<float>(vector, point.Vector))).Take(NewDocumentsShown).Select(point => point.Id.ToString())];

    private static IReadOnlyList<LanguageShift> Languages(QueryDays days)
    {
        var today = Shares(days.Today.Queries);
        if (today.Total == 0)
        {
            return [];
        }

        var past = days.Past.Select(day => Shares(day.Queries)).Where(day => day.Total > 0).ToList();
        return
        [
            .. today.ByLanguage.Keys.Union(past.SelectMany(day => day.ByLanguage.Keys), StringComparer.Ordinal).Select(language =>
            {
                var now = new DailyShare(today.ByLanguage.GetValueOrDefault(language), today.Total);
                var before = past.ConvertAll(day => new DailyShare(day.ByLanguage.GetValueOrDefault(language), day.Total));
                return new LanguageShift(language, before.Count == 0 ? 0 : before.Average(day => day.Value), now.Value, DailyShares.Compare(now, before).P);
            }).Where(shift => Math.Max(shift.Before, shift.Now) >= LeastShare).OrderByDescending(shift => shift.Now - shift.Before).ThenBy(shift => shift.Language, StringComparer.Ordinal),
        ];
    }

    private static (Dictionary<string, long> ByLanguage, long Total) Shares(IReadOnlyList<QueryObservation> queries)
    {
        var known = queries.Where(query => query.Language is not null).ToList();
        return (known.GroupBy(query => query.Language!, StringComparer.Ordinal).ToDictionary(group => group.Key, group => (long)group.Count(), StringComparer.Ordinal), known.Count);
    }

    private static DetectorResult Answer(DriftSubject subject, DriftBaseline baseline, QueryDays? days, DataFindings findings)
    {
        var verdicts = new List<(DriftVerdict Verdict, string Sentence)>
        {
            QuerySideCheck.Judge(findings, days, subject.Model!.Expected, baseline),
            findings.Queries is { } queries ? (queries.Verdict, DataSentences.Of(queries)) : (DriftVerdict.InsufficientData, days is null ? $"no queries were observed in the last {QueryDays.OldestJudged} days: 'driftguard drift import {subject.Index} FILE' takes logged ones" : "the baseline has no queries"),
            findings.Documents is { } documents ? (documents.Verdict, DataSentences.Of(documents)) : (DriftVerdict.InsufficientData, "the baseline has too few documents"),
        };
        var drift = verdicts.Where(v => v.Verdict.IsDrift()).ToList();
        var verdict = drift.Count > 0 ? drift.Max(v => v.Verdict) : verdicts.Any(v => v.Verdict == DriftVerdict.InsufficientData) ? DriftVerdict.InsufficientData : DriftVerdict.None;
        var (coverage, discrepancy) = (findings.Queries?.Today?.Coverage, findings.Queries?.Today?.Discrepancy);
        return DetectorResult.Without(Detector.Data, verdict, Reason(verdict), string.Join("; ", verdicts.Select(v => v.Sentence).Where(sentence => sentence.Length > 0))) with
        {
            Statistic = coverage?.Statistic is { } t ? new("coverage_t", t) : findings.Documents is { } d ? new("documents_mmd2", d.Squared) { Lower = d.Lower, Upper = d.Upper } : null,
            P = coverage is not null ? Math.Min(coverage.AdjustedP, discrepancy!.AdjustedP) : findings.Documents?.Reason is null ? findings.Documents?.P : null,
            Effect = coverage is not null ? new("poorly_covered_excess", coverage.Effect) { Lower = coverage.EffectLower, Upper = coverage.EffectUpper } : null,
            Samples = new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["queries"] = days?.Today.Queries.Count ?? 0,
                ["past_days"] = findings.Queries?.PastDays ?? 0,
                ["documents"] = findings.Documents?.Now ?? 0,
            },
            Seed = subject.Seed,
            Runs = findings.Queries?.Confirming is not null || findings.Documents?.Fresh is not null ? 2 : 1,
            ComparedWith = baseline.Id,
            Data = findings,
        };
    }

    private static string Reason(DriftVerdict verdict) => verdict switch
    {
        DriftVerdict.Confirmed => DriftReason.BeyondTolerance,
        DriftVerdict.Suspected => DriftReason.BeyondToleranceOnce,
        DriftVerdict.None => DriftReason.WithinTolerance,
        _ => DriftReason.TooFew,
    };
}
