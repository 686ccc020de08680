using System.Globalization;
using DriftGuard.Embedding.Pinning;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Embedded;
using DriftGuard.State;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Hosting;
using DriftGuard.Worker.Installation;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Worker.Drift.Doctor.Installation;

/// <summary>Looks at an installation from the outside in, and goes on where something does not work as far as it can.</summary>
/// <param name="configuration">The configuration, which could be loaded.</param>
/// <param name="time">The clock.</param>
/// <param name="logs">Where logs go.</param>
public sealed class InstallationDoctor(LoadedConfiguration configuration, TimeProvider time, ILoggerFactory logs)
{
    private const long LittleDisk = 1L << 30;

    private readonly DriftGuardOptions options = configuration.Options;

    /// <summary>Looks at everything. Nothing is pulled, and no provider is asked.</summary>
    public async Task<InstallationReport> ExamineAsync(CancellationToken cancellation)
    {
        var checks = new List<InstallationCheck> { Configuration() };
        var folder = DataDirectory();
        checks.AddRange(folder);
        checks.AddRange(await Task.Run(() => ModelChecks.Of(options.Models), cancellation));
        checks.AddRange(CalibrationSetChecks.Of(options.CalibrationSets.SearchPath));
        if (folder.Exists(check => check.Outcome == CheckOutcome.Fail))
        {
            return new(Usable: false, checks);
        }

        try
        {
            await using var engine = await Engine.StartAsync(options with { Models = options.Models with { PullMissing = false } }, "doctor", time, logs, cancellation);
            checks.Add(new("state", CheckOutcome.Ok, $"opens, schema {await engine.Installation.State.SchemaVersionAsync(cancellation)}"));
            checks.Add(await QdrantAsync(engine, cancellation));
            checks.Add(Schedules());
            checks.AddRange(await new IndexChecks(engine, time).AllAsync(cancellation));
            return new(Usable: true, checks);
        }
        catch (StateException problem)
        {
            checks.Add(new("state", CheckOutcome.Fail, problem.Message));
        }
        catch (Exception problem) when (problem is QdrantException or EmbeddedQdrantException)
        {
            checks.Add(new("qdrant", CheckOutcome.Fail, problem.Message, "the address is qdrant.address of the configuration; without one the embedded Qdrant runs"));
        }
        catch (Exception problem) when (problem is InstallationException or InstallationInUseException)
        {
            checks.Add(new("data folder", CheckOutcome.Fail, problem.Message));
        }
        catch (PinningException problem)
        {
            checks.Add(new("lock file", CheckOutcome.Fail, problem.Message));
        }

        return new(Usable: false, checks);
    }

    private InstallationCheck Configuration() => new(
        "configuration", CheckOutcome.Ok,
        $"{configuration.File ?? "no file"}; {(configuration.Origins.Count == 0 ? "nothing set" : $"{configuration.Origins.Count} set: {string.Join(", ", configuration.Origins.OrderBy(origin => origin.Key, StringComparer.Ordinal).Select(origin => $"{origin.Key} ({origin.Value})"))}")}");

    private List<InstallationCheck> DataDirectory()
    {
        try
        {
            var folder = DriftGuardInstallation.Open(options.DataDirectory).DataDirectory;
            var free = new DriveInfo(folder).AvailableFreeSpace;
            return
            [
                new("data folder", CheckOutcome.Ok, $"{folder} can be written"),
                free < LittleDisk
                    ? new("disk", CheckOutcome.Warn, string.Create(CultureInfo.InvariantCulture, $"{free / 1048576.0:N0} MiB are free in {folder}"), "a rollout needs room for a second collection where Qdrant is embedded: make room")
                    : new("disk", CheckOutcome.Ok, string.Create(CultureInfo.InvariantCulture, $"{free / 1073741824.0:N1} GiB are free")),
            ];
        }
        catch (Exception problem) when (problem is InstallationException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [new("data folder", CheckOutcome.Fail, problem.Message)];
        }
    }

    private static async Task<InstallationCheck> QdrantAsync(Engine engine, CancellationToken cancellation)
    {
        var qdrant = engine.Installation.Qdrant;
        var server = await qdrant.ServerAsync(cancellation);
        var collections = await qdrant.ListCollectionsAsync(cancellation);
        var peers = collections.Count == 0 ? null : await engine.Peers.ReadAsync(collections[0], cancellation);
        var what = $"{(engine.Endpoint.IsOwn ? "embedded" : qdrant.Address.OriginalString)}, version {server.VersionText}, {peers?.Peers.Count ?? 1} peer(s), {collections.Count} collection(s)";
        return !server.IsSupported ? new("qdrant", CheckOutcome.Fail, $"{what}: too old", $"upgrade Qdrant to {QdrantServer.Oldest} or later")
            : peers is { Unknown: { } unknown } ? new("qdrant", CheckOutcome.Warn, $"{what}: {unknown}", "have the REST port answer, so that every peer can be asked whether it has seen a switch")
            : peers?.Peers.FirstOrDefault(peer => peer.Problem is not null) is { } mute ? new("qdrant", CheckOutcome.Warn, $"{what}: the one at {mute.Address} has no answer ({mute.Problem})", "bring it back, or remove it from the cluster: every peer has to see a switch")
            : new("qdrant", CheckOutcome.Ok, what);
    }

    private InstallationCheck Schedules() => options.Drift.Enabled
        ? new("schedules", CheckOutcome.Ok, string.Join(", ", Scheduling.DriftSchedule.For(options.Drift, null).Select(schedule => $"{schedule.Name} '{schedule.Cron}'")) is { Length: > 0 } all ? $"{all}, while 'driftguard serve' runs" : "all off")
        : new("schedules", CheckOutcome.Warn, "indexes are not checked for drift on their own", "set drift.enabled, and run 'driftguard serve'");
}
