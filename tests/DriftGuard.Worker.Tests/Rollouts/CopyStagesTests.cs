using System.Diagnostics.Metrics;
using DriftGuard.Worker.Rollouts.Copying;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Worker.Tests.Rollouts;

public sealed class CopyStagesTests
{
    [Fact]
    public void A_stage_is_measured_in_seconds_under_its_name()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var measured = new List<(double Seconds, object? Stage)>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listening) => listening.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<double>((instrument, seconds, tags, _) =>
        {
            if (instrument.Meter.Scope == services.GetRequiredService<IMeterFactory>())
            {
                measured.Add((seconds, tags[0].Value));
            }
        });
        listener.Start();
        var stages = new CopyStages(services.GetRequiredService<IMeterFactory>(), time);

        using (stages.Time(CopyStage.Write))
        {
            time.Advance(TimeSpan.FromMilliseconds(250));
        }

        measured.ShouldBe([(.25, "write")]);
    }
}
