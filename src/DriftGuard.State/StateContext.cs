using DriftGuard.State.Rows;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace DriftGuard.State;

internal class StateContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<IndexRow> Indexes => Set<IndexRow>();

    public DbSet<RolloutRow> Rollouts => Set<RolloutRow>();

    public DbSet<RequestRow> Requests => Set<RequestRow>();

    public DbSet<PartitionRow> Partitions => Set<PartitionRow>();

    public DbSet<ParkedRow> Parked => Set<ParkedRow>();

    public DbSet<EvaluationRow> Evaluations => Set<EvaluationRow>();

    public DbSet<ModelIdentityRow> ModelIdentities => Set<ModelIdentityRow>();

    public DbSet<AuditRow> Audit => Set<AuditRow>();

    public DbSet<CounterRow> Counters => Set<CounterRow>();

    public DbSet<ModelEnrolmentRow> ModelEnrolments => Set<ModelEnrolmentRow>();

    public DbSet<DriftBaselineRow> DriftBaselines => Set<DriftBaselineRow>();

    public DbSet<DriftReportRow> DriftReports => Set<DriftReportRow>();

    public DbSet<DriftVerdictRow> DriftVerdicts => Set<DriftVerdictRow>();

    public DbSet<QueryObservationRow> QueryObservations => Set<QueryObservationRow>();

    public DbSet<QueryDayRow> QueryDays => Set<QueryDayRow>();

    public DbSet<LeaseEpochRow> LeaseEpochs => Set<LeaseEpochRow>();

    public DbSet<DriftUsageRow> DriftUsage => Set<DriftUsageRow>();

    public DbSet<ThresholdRow> Thresholds => Set<ThresholdRow>();

    public DbSet<RolloutLeaseRow> RolloutLeases => Set<RolloutLeaseRow>();

    public DbSet<IdSetRow> IdSets => Set<IdSetRow>();

    public DbSet<DirtyIdRow> DirtyIds => Set<DirtyIdRow>();

    public DbSet<WriteHoldRow> WriteHolds => Set<WriteHoldRow>();

    public DbSet<OpenWriteRow> OpenWrites => Set<OpenWriteRow>();

    public DbSet<SearchMinuteRow> SearchMinutes => Set<SearchMinuteRow>();

    public DbSet<ShadowMinuteRow> ShadowMinutes => Set<ShadowMinuteRow>();

    public DbSet<ShadowQueryRow> ShadowQueries => Set<ShadowQueryRow>();

    public DbSet<BridgeRow> Bridges => Set<BridgeRow>();

    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();

    public DbSet<IdempotencyRow> Idempotency => Set<IdempotencyRow>();

    public DbSet<NotificationRow> Notifications => Set<NotificationRow>();

    public DbSet<DeliveryRow> Deliveries => Set<DeliveryRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicksConverter>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<RolloutRow>().HasIndex(r => new { r.Index, r.Number }).IsUnique();
        modelBuilder.Entity<RequestRow>().HasIndex(r => r.RolloutId);
        modelBuilder.Entity<PartitionRow>().HasKey(p => new { p.RolloutId, p.Ordinal });
        modelBuilder.Entity<ParkedRow>().HasKey(p => new { p.RolloutId, p.PointId });
        modelBuilder.Entity<EvaluationRow>().HasIndex(e => new { e.Index, e.At });
        modelBuilder.Entity<ModelIdentityRow>().HasKey(i => new { i.Fingerprint, i.Model, i.SystemFingerprint });
        modelBuilder.Entity<AuditRow>().HasIndex(a => a.Index);
        modelBuilder.Entity<DriftBaselineRow>().HasIndex(b => new { b.Index, b.Fingerprint, b.At });
        modelBuilder.Entity<DriftReportRow>().HasIndex(r => new { r.Index, r.At });
        modelBuilder.Entity<DriftVerdictRow>().HasKey(v => new { v.ReportId, v.Detector });
        modelBuilder.Entity<DriftVerdictRow>().HasIndex(v => new { v.Index, v.Detector, v.At });
        modelBuilder.Entity<QueryObservationRow>().HasKey(q => new { q.Index, q.Day, q.Key });
        modelBuilder.Entity<QueryObservationRow>().HasIndex(q => new { q.Index, q.Day, q.Priority });
        modelBuilder.Entity<QueryDayRow>().HasKey(d => new { d.Index, d.Day });
        modelBuilder.Entity<LeaseEpochRow>().Property(e => e.Epoch).ValueGeneratedNever();
        modelBuilder.Entity<DriftUsageRow>().HasKey(u => new { u.Provider, u.Day });
        modelBuilder.Entity<ThresholdRow>().HasIndex(t => new { t.Index, t.Fingerprint, t.Name, t.Sequence });
        modelBuilder.Entity<IdSetRow>().HasKey(s => new { s.RolloutId, s.Ordinal });
        modelBuilder.Entity<DirtyIdRow>().HasKey(d => new { d.Index, d.PointId });
        modelBuilder.Entity<DirtyIdRow>().HasIndex(d => new { d.Index, d.Sequence });
        modelBuilder.Entity<OpenWriteRow>().Property(w => w.Sequence).ValueGeneratedNever();
        modelBuilder.Entity<OpenWriteRow>().HasIndex(w => w.Index);
        modelBuilder.Entity<SearchMinuteRow>().HasKey(m => new { m.Index, m.Collection, m.Minute, m.Gateway });
        modelBuilder.Entity<ShadowMinuteRow>().HasKey(m => new { m.RolloutId, m.Minute, m.Gateway });
        modelBuilder.Entity<ShadowQueryRow>().HasKey(q => new { q.RolloutId, q.Key });
        modelBuilder.Entity<ShadowQueryRow>().HasIndex(q => new { q.RolloutId, q.Overlap });
        modelBuilder.Entity<BridgeRow>().HasIndex(b => new { b.Index, b.At });
        modelBuilder.Entity<IdempotencyRow>().HasIndex(i => i.At);
        modelBuilder.Entity<DeliveryRow>().HasIndex(d => new { d.Webhook, d.NotificationId }).IsUnique();
        modelBuilder.Entity<DeliveryRow>().HasIndex(d => new { d.Webhook, d.DoneAt });
    }

    /// <summary>Times are stored as UTC ticks, so that they sort and compare in the database.</summary>
    private sealed class UtcTicksConverter() : ValueConverter<DateTimeOffset, long>(
        time => time.UtcTicks,
        ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    /// <summary>For the design-time tools that write migrations.</summary>
    private sealed class DesignTimeFactory : IDesignTimeDbContextFactory<StateContext>
    {
        public StateContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<StateContext>().UseSqlite("Data Source=design-time.db").Options);
    }
}
