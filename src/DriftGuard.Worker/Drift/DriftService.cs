using DriftGuard.Core.Drift;
using DriftGuard.State;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Drift.Baselines;
using DriftGuard.Worker.Drift.Checks;
using DriftGuard.Worker.Drift.Queries;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Drift;

/// <summary>Checks indexes for drift, and keeps what checks compare with.</summary>
public sealed class DriftService
{
    /// <summary>The trigger of a check that somebody asked for.</summary>
    public const string Requested = "requested";

    private readonly DriftChecker checker;
    private readonly AutomaticBaselines automatic;
    private readonly BaselineTaker baselines;
    private readonly QueryImporter queries;
    private readonly ServingIndexReader indexes;
    private readonly ModelPool models;
    private readonly StateStore state;
    private readonly DriftOptions options;

    internal DriftService(
        DriftChecker checker, AutomaticBaselines automatic, BaselineTaker baselines, QueryImporter queries, ServingIndexReader indexes, ModelPool models, StateStore state, DriftOptions options)
    {
        (this.checker, this.automatic, this.baselines, this.queries, this.indexes, this.models, this.state, this.options) = (checker, automatic, baselines, queries, indexes, models, state, options);
    }

    /// <summary>Checks an index now.</summary>
    /// <param name="index">Its name.</param>
    /// <param name="detectors">The detectors to run; empty for all. If one of them finds drift, the others run too.</param>
    /// <param name="sample">Points that are embedded again; null for as many as every night.</param>
    /// <param name="seed">Seed of what is drawn; null for one that is drawn itself.</param>
    /// <param name="trigger">Who asked: <see cref="Requested"/> or a schedule.</param>
    /// <param name="progress">Told of each detector before it runs.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The report, which was stored.</returns>
    /// <exception cref="OperatorException">There is no such index.</exception>
    public async Task<DriftReport> CheckAsync(
        string index, IReadOnlyCollection<Detector> detectors, int? sample, int? seed, string trigger, Action<Detector>? progress, CancellationToken cancellation)
    {
        var report = await checker.CheckAsync(index, new(detectors, sample, seed ?? Random.Shared.Next(), trigger), progress, cancellation);
        await automatic.AfterCheckAsync(report, cancellation);
        return report;
    }

    /// <summary>Takes a baseline of an index as it is now: what later checks compare with.</summary>
    /// <exception cref="OperatorException">There is no such index, or it is not what it is declared to be: a baseline of that would hide it.</exception>
    public async Task<DriftBaseline> TakeBaselineAsync(string index, CancellationToken cancellation)
    {
        var serving = await indexes.ReadAsync(index, cancellation);
        var name = serving.RequireModel();
        IndexVectors.Require(serving.Definition.Vector, serving.State);
        var taken = await baselines.TakeAsync(serving, models.Get(name, serving.Fingerprint), BaselineKind.Requested, options.Queries.Seed, cancellation);
        await state.AddAuditAsync(index, "baseline_taken", Requested, $"later checks of '{index}' compare with it as it is now, under {name}", cancellation);
        return taken;
    }

    /// <summary>Takes logged queries into the reservoir of an index.</summary>
    /// <param name="index">The index.</param>
    /// <param name="path">JSON Lines of text or vector, session, at, fingerprint.</param>
    /// <param name="progress">Told of queries done, and of all there are.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperatorException">There is no such index, or the file has problems: nothing was imported.</exception>
    public Task<QueryImport> ImportQueriesAsync(string index, string path, Action<long, long>? progress, CancellationToken cancellation) =>
        queries.ImportAsync(index, path, progress, cancellation);

    /// <summary>A report by its id, or the newest one of an index by the index' name.</summary>
    /// <exception cref="OperatorException">There is none.</exception>
    public async Task<DriftReport> FindAsync(string idOrIndex, CancellationToken cancellation) =>
        await state.FindDriftReportAsync(idOrIndex, cancellation) is { } byId ? DriftJson.Read(byId.Json)
        : await state.LatestDriftReportAsync(idOrIndex, cancellation) is { } latest ? DriftJson.Read(latest.Json)
        : throw new OperatorException(OperatorError.NotFound, $"there is no drift report '{idOrIndex}' and no index of that name with one; 'driftguard drift check INDEX' makes one");

    /// <summary>Reports of an index, or of all, newest first.</summary>
    public Task<IReadOnlyList<DriftReportEntry>> HistoryAsync(string? index, int limit, DateTimeOffset? since, CancellationToken cancellation) =>
        state.ListDriftReportsAsync(index, limit, since, cancellation);

    /// <summary>What a detector found on an index, newest first.</summary>
    public Task<IReadOnlyList<DriftHistoryEntry>> HistoryOfAsync(string index, Detector detector, int limit, CancellationToken cancellation) =>
        state.DriftHistoryAsync(index, DriftJson.Word(detector), limit, cancellation);

    /// <summary>What each detector answered when it last looked, of an index or of all.</summary>
    public async Task<IReadOnlyList<LatestDriftVerdict>> VerdictsAsync(string? index, CancellationToken cancellation) =>
        [.. (await state.LatestDriftVerdictsAsync(cancellation)).Where(verdict => index is null || verdict.Index == index).OrderBy(verdict => verdict.Index, StringComparer.Ordinal)];

    /// <summary>From where on the figures of an index' detectors count, for those detectors of which it is known.</summary>
    public async Task<IReadOnlyList<DriftThreshold>> ThresholdsAsync(string index, CancellationToken cancellation)
    {
        var quality = (await VerdictsAsync(index, cancellation)).FirstOrDefault(verdict => verdict.Detector == DriftJson.Word(Detector.Quality));
        var found = quality is null ? null : (await FindAsync(quality.ReportId, cancellation)).Of(Detector.Quality)?.Quality;
        return found is { Metrics: [var primary, ..] } ? [.. DriftThreshold.Fixed, DriftThreshold.OfQuality(primary.Result.Margin)] : DriftThreshold.Fixed;
    }

    /// <summary>Baselines of an index, newest first.</summary>
    public async Task<IReadOnlyList<ListedBaseline>> BaselinesAsync(string index, CancellationToken cancellation) =>
        [.. (await state.ListDriftBaselinesAsync(index, cancellation)).Select(ListedBaseline.Of)];
}
