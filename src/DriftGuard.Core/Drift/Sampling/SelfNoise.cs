using System.Numerics;

namespace DriftGuard.Core.Drift.Sampling;

/// <summary>Texts of similar length, and the noise that was seen among them.</summary>
/// <param name="Shortest">The least length in the class, in characters or tokens; the first class also takes what is shorter, the last what is longer.</param>
/// <param name="Observations">Texts that were embedded twice.</param>
/// <param name="Largest">The largest 1 - cosine between the two vectors of a text.</param>
public sealed record LengthClass(int Shortest, int Observations, double Largest);

/// <summary>
/// How far two vectors of the same text by the same model lie apart if it was embedded with other texts, by its length: short texts move most.
/// A point's threshold is 1.5 times the largest that was seen in its class.
/// </summary>
/// <remarks>
/// Classes are powers of two of the length. From the shortest on, classes are merged until they have <see cref="FewestInClass"/> texts, and
/// what is left at the end joins the last, since the largest of a few says little about the next: with 50 instead of 100, one sample of 300 in
/// sixteen had a mismatch without drift, instead of one in thirty (MiniLM int8 in batches).
/// </remarks>
public sealed record SelfNoise
{
    /// <summary>A class with fewer texts is merged with its neighbour.</summary>
    public const int FewestInClass = 100;

    /// <summary>A threshold is this many times the largest noise of its class.</summary>
    public const double Factor = 1.5;

    /// <summary>The classes by ascending length; none where nothing was measured.</summary>
    public required IReadOnlyList<LengthClass> Classes { get; init; }

    /// <summary>No threshold is below this.</summary>
    public required double Floor { get; init; }

    /// <summary>Learns from texts that were embedded twice, in different batches.</summary>
    /// <param name="measured">Length of each text, and 1 - cosine of its two vectors.</param>
    /// <param name="floor">The least threshold, above 0: see <c>ProbeBaseline</c> for those of a model.</param>
    /// <exception cref="ArgumentException">A length or noise is negative or not finite, or the floor is not above 0.</exception>
    public static SelfNoise Learn(IReadOnlyList<(int Length, double Noise)> measured, double floor)
    {
        if (!(floor > 0 && double.IsFinite(floor)))
            throw new ArgumentException(FormattableString.Invariant($"The floor is {floor}; expected a number above 0, or rounding would count."), nameof(floor));
        for (var i = 0; i < measured.Count; i++)
        {
            if (measured[i].Length < 0 || !(measured[i].Noise >= 0 && double.IsFinite(measured[i].Noise)))
                throw new ArgumentException(FormattableString.Invariant($"Text {i} has length {measured[i].Length} and noise {measured[i].Noise}; expected 0 or more of both."), nameof(measured));
        }

        var classes = new List<LengthClass>();
        LengthClass? open = null;
        foreach (var octave in measured.GroupBy(text => BitOperations.Log2((uint)text.Length)).OrderBy(octave => octave.Key))
        {
            open = Merged(open, new(1 << octave.Key, octave.Count(), octave.Max(text => text.Noise)));
            if (open.Observations >= FewestInClass)
            {
                classes.Add(open);
                open = null;
            }
        }

        if (open is not null && classes.Count > 0)
            classes[^1] = Merged(classes[^1], open);
        else if (open is not null)
            classes.Add(open);
        return new() { Classes = classes, Floor = floor };
    }

    /// <summary>1 - cosine beyond which a text of this length mismatches.</summary>
    /// <param name="length">In the unit that was learnt with.</param>
    public double ThresholdOf(int length)
    {
        var own = Classes.LastOrDefault(c => c.Shortest <= length) ?? (Classes.Count > 0 ? Classes[0] : null);
        return Math.Max(Floor, Factor * (own?.Largest ?? 0));
    }

    private static LengthClass Merged(LengthClass? shorter, LengthClass longer) => shorter is null
        ? longer
        : new(shorter.Shortest, shorter.Observations + longer.Observations, Math.Max(shorter.Largest, longer.Largest));
}
