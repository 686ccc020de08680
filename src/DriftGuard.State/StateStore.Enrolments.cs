using Microsoft.EntityFrameworkCore;

namespace DriftGuard.State;

public sealed partial class StateStore
{
    /// <summary>Stores what a model answered to the probes when it was enrolled; an earlier enrolment of the model is replaced.</summary>
    public Task SaveEnrolmentAsync(StoredEnrolment enrolment, CancellationToken cancellation) => RunAsync(context =>
        // One statement: two processes may enrol a model at the same time.
        context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "ModelEnrolments" ("Fingerprint", "At", "ProbeVersion", "Json", "Vectors")
            VALUES ({enrolment.Fingerprint}, {enrolment.At.UtcTicks}, {enrolment.ProbeVersion}, {enrolment.Json}, {enrolment.Vectors})
            ON CONFLICT ("Fingerprint") DO UPDATE SET
                "At" = excluded."At", "ProbeVersion" = excluded."ProbeVersion", "Json" = excluded."Json", "Vectors" = excluded."Vectors"
            """,
            cancellation), cancellation);

    /// <summary>The enrolment of a model; null if it has none.</summary>
    public Task<StoredEnrolment?> FindEnrolmentAsync(string fingerprint, CancellationToken cancellation) => RunAsync(async context =>
        await context.ModelEnrolments.AsNoTracking().Where(e => e.Fingerprint == fingerprint)
            .Select(e => new StoredEnrolment(e.Fingerprint, e.At, e.ProbeVersion, e.Json, e.Vectors))
            .SingleOrDefaultAsync(cancellation), cancellation);

    /// <summary>All enrolments by fingerprint.</summary>
    public Task<IReadOnlyList<StoredEnrolment>> ListEnrolmentsAsync(CancellationToken cancellation) =>
        RunAsync<IReadOnlyList<StoredEnrolment>>(async context => await context.ModelEnrolments.AsNoTracking().OrderBy(e => e.Fingerprint)
            .Select(e => new StoredEnrolment(e.Fingerprint, e.At, e.ProbeVersion, e.Json, e.Vectors))
            .ToListAsync(cancellation), cancellation);
}

/// <summary>What a model answered to the probes when it was enrolled.</summary>
/// <param name="Fingerprint">The model's fingerprint.</param>
/// <param name="At">When it was enrolled.</param>
/// <param name="ProbeVersion">The version of the set of probes.</param>
/// <param name="Json">The tolerances and what else is known of the model.</param>
/// <param name="Vectors">The probes' vectors, see <see cref="VectorBlob"/>.</param>
public sealed record StoredEnrolment(string Fingerprint, DateTimeOffset At, int ProbeVersion, string Json, byte[] Vectors);
