using DriftGuard.Core.Notifications;
using DriftGuard.State;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Notifications;
using DriftGuard.Worker.Rollouts.Cluster;
using DriftGuard.Worker.Telemetry.Metrics;
using DriftGuard.Worker.Tests.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DriftGuard.Worker.Tests.Notifications;

/// <summary>A state, a clock that is put forward, and facts that are as a test says; processes that tell of them come and go.</summary>
internal sealed class NotifiedWorld : IAsyncDisposable
{
    // Protection against hanging.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("driftguard-notify-").FullName;
    private readonly List<Process> _processes = [];

    public FakeTimeProvider Time { get; } = new(new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero));

    /// <summary>What is so.</summary>
    public List<NotificationFact> Facts { get; } = [];

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public NotificationFact Fact(string key = "drift/docs/index_mixed", NotificationKind kind = NotificationKind.DriftConfirmed) =>
        new(key, kind, "docs", "report-1", "Drift of index docs is confirmed: <!channel> & more", "Something <happened> & went on.", Time.GetUtcNow()) { WhatToDo = "driftguard drift explain docs", Figures = [new("verdict", "confirmed")] };

    /// <summary>A process with a state of its own, that tells these webhooks.</summary>
    public async Task<Process> StartAsync(params WebhookOptions[] webhooks)
    {
        var state = await StateStore.OpenAsync(Path.Join(_folder, "state.db"), Time, Cancellation);
        var process = new Process(this, state, new() { Notifications = new() { Webhooks = webhooks } });
        _processes.Add(process);
        return process;
    }

    /// <summary>Lets time pass until something holds.</summary>
    public async Task UntilAsync(Func<bool> holds, TimeSpan? tick = null)
    {
        using var hanging = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        hanging.CancelAfter(Longest);
        while (!holds())
        {
            Time.Advance(tick ?? TimeSpan.FromMilliseconds(500));
            await Task.Delay(2, hanging.Token);
        }
    }

    public ValueTask DisposeAsync()
    {
        _processes.ForEach(process => process.Dispose());
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>What a process has for notifications.</summary>
    internal sealed class Process : IDisposable
    {
        private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        private readonly WebhookClient _client;

        public Process(NotifiedWorld world, StateStore state, DriftGuardOptions options)
        {
            State = state;
            _client = new(options, world.Time);
            var (leases, meters) = (new RolloutLeases(state, world.Time), new NotificationMeters(new(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), options)));
            Watch = new([new Given(world)], state, options, leases, meters, world.Time, NullLogger<NotificationWatch>.Instance);
            Senders = [.. options.Notifications.Webhooks.Select(webhook => new WebhookSender(webhook, state, _client, leases, meters, world.Time, NullLogger<WebhookSender>.Instance))];
            Service = new(options, state, _client, world.Time);
            Metrics = new(_services);
        }

        public StateStore State { get; }

        public NotificationWatch Watch { get; }

        public IReadOnlyList<WebhookSender> Senders { get; }

        public NotificationService Service { get; }

        public MeasuredMetrics Metrics { get; }

        public double Counted(MetricDefinition metric) => Metrics.Of(metric).Sum(one => one.Value);

        public async Task LookAndSendAsync()
        {
            await Watch.LookAsync(Cancellation);
            await Task.WhenAll(Senders.Select(sender => sender.SendAllAsync(Cancellation)));
        }

        public void Dispose()
        {
            Metrics.Dispose();
            _client.Dispose();
            _services.Dispose();
        }
    }

    private sealed class Given(NotifiedWorld world) : INotificationSource
    {
        public string Area => "drift";

        public Task ReadAsync(NotificationReading reading, CancellationToken cancellation)
        {
            reading.Facts.AddRange(world.Facts);
            return Task.CompletedTask;
        }
    }
}
