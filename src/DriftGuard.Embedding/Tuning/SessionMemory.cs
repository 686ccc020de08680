namespace DriftGuard.Embedding.Tuning;

/// <summary>How many sessions a machine's memory has room for.</summary>
internal static class SessionMemory
{
    /// <summary>What a session takes, as a multiple of its files: the weights, and their copy in the order that the kernels want.</summary>
    private const double PerByte = 2;

    /// <summary>The share of what is free that sessions may take.</summary>
    private const double Share = .7;

    /// <summary>Sessions that fit; 1 at least.</summary>
    public static int Fitting(long weightBytes) => Fitting(weightBytes, Free());

    internal static int Fitting(long weightBytes, long free) =>
        (int)Math.Clamp(Share * free / Math.Max(1, PerByte * weightBytes), 1, int.MaxValue);

    private static long Free()
    {
        // The load of the machine, or of the container, is that of the last collection; before the first one only this process is known.
        var memory = GC.GetGCMemoryInfo();
        return Math.Max(0, memory.TotalAvailableMemoryBytes - Math.Max(memory.MemoryLoadBytes, Environment.WorkingSet));
    }
}
