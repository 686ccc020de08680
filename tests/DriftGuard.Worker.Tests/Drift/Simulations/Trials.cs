namespace DriftGuard.Worker.Tests.Drift.Simulations;

/// <summary>Trials with seeds 1, 2, 3 and so on, on all cores.</summary>
internal static class Trials
{
    public const int Count = 1_000;

    /// <summary>In how many trials something happened.</summary>
    public static int In(int trials, Func<int, Random, bool> happens)
    {
        var count = 0;
        Parallel.For(1, trials + 1, trial =>
        {
            if (happens(trial, new Random(trial)))
                Interlocked.Increment(ref count);
        });
        return count;
    }

    /// <summary>A number of a normal distribution around 0.</summary>
    public static double Normal(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
