namespace DriftGuard.Core.Statistics.Slices;

/// <summary>Settings of <see cref="SlicesRule"/>.</summary>
public sealed record SlicesOptions
{
    /// <summary>The chance of even one false failure among all slices, in (0, .5).</summary>
    public double Alpha { get; init; } = .05;

    /// <summary>Seed of the random signs of slices with more than twenty groups.</summary>
    public int Seed { get; init; } = 1;
}
