using DriftGuard.Core.Drift.Probes;

namespace DriftGuard.Worker.Tests.Drift.Simulations;

/// <summary>False alarms of the model detector: one in a thousand at most.</summary>
[Collection(SimulationsAlone.Name)]
public class ModelDetectorSimulations
{
    private const int Repeats = 5;

    [Fact]
    public async Task Noise_of_a_provider_is_no_drift()
    {
        var stored = (await RealEmbeddings.BatchedAsync())[0][..RealEmbeddings.Probes];

        var alarms = Trials.In(Trials.Count, (_, random) =>
        {
            var baseline = ProbeBaseline.Learn([.. Enumerable.Range(0, Repeats).Select(_ => Noisy(stored, random))], dynamicallyQuantised: false);
            return ProbeComparison.Of(baseline, Noisy(stored, random)).IsSuspicious;
        });

        alarms.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task Batches_of_a_quantised_graph_are_no_drift_once_a_fresh_run_was_asked()
    {
        var batched = await RealEmbeddings.BatchedAsync();
        var suspected = 0;

        var alarms = Trials.In(Trials.Count, (_, random) =>
        {
            var baseline = ProbeBaseline.Learn([.. Enumerable.Range(0, Repeats).Select(_ => Run(random))], dynamicallyQuantised: true);
            var now = ProbeComparison.Of(baseline, Run(random));
            if (!now.IsSuspicious)
                return false;
            Interlocked.Increment(ref suspected);
            return now.AgreesWith(ProbeComparison.Of(baseline, Run(random)));
        });

        TestContext.Current.TestOutputHelper!.WriteLine($"suspected {suspected}, confirmed {alarms} of {Trials.Count}");
        alarms.ShouldBeLessThanOrEqualTo(1);

        // Each probe by itself in some composition of batches, as providers put the texts of many together.
        float[][] Run(Random random) => [.. Enumerable.Range(0, RealEmbeddings.Probes).Select(probe => batched[random.Next(batched.Count)][probe])];
    }

    private static float[][] Noisy(float[][] vectors, Random random) =>
        [.. vectors.Select(vector => vector.Select(component => component + (float)(1e-4 * random.Normal())).ToArray())];
}
