namespace DriftGuard.Chaos.Tests.Faults;

/// <summary>
/// Which fault the next call meets, drawn from a seed. The same seed gives the same sequence of draws; which call takes which draw is
/// decided by the processes' own timing.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="rate">The share of calls that meet a fault, 0 to 1.</param>
/// <param name="faults">The faults, equally likely.</param>
internal sealed class FaultPlan(int seed, double rate, IReadOnlyList<Fault> faults)
{
    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);

    public static FaultPlan None { get; } = new(0, 0, []);

    /// <summary>The fault, and a share from 0 to 1 of the longest delay.</summary>
    public (Fault Fault, double Delay) Next()
    {
        lock (_lock)
            return _random.NextDouble() < rate ? (faults[_random.Next(faults.Count)], _random.NextDouble()) : (Fault.None, 0);
    }
}
