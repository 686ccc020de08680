using System.Globalization;

namespace DriftGuard.Core.Rollouts.Pacing;

/// <summary>
/// How long batches take now against how long they took when things went well: the median of the last few, and a low quantile of the last half
/// hour. Memory is constant. Not thread-safe.
/// </summary>
/// <param name="what">What takes the time, for people.</param>
internal sealed class LatencyWatch(string what)
{
    /// <summary>A batch that is done within this time is no sign of trouble, however much faster it was at first: on a laptop the copy itself makes it wait.</summary>
    private static readonly TimeSpan NoTrouble = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Recently = TimeSpan.FromSeconds(10);
    private const int Slices = 60;
    private const int SamplesOfASlice = 64;
    private const int FewestSamples = 5;
    private const int LastSamples = 7;
    private const double LowQuantile = .2;

    private readonly Queue<double> _slices = new();
    private readonly List<double> _slice = [];
    private readonly Queue<(DateTimeOffset At, double Seconds)> _last = new();
    private DateTimeOffset _sliceBegan;
    private double _fullBatch;

    /// <summary>How many times as long as in good times a batch takes; 1 or less where nothing can be said yet.</summary>
    /// <param name="tolerance">The ratio that a batch within <see cref="NoTrouble"/> has at most.</param>
    public double Ratio(double tolerance) => Baseline is { } good ? Now / Math.Max(good, NoTrouble.TotalSeconds / tolerance) : 1;

    /// <summary>What is slow, with figures.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{what} take {Now / Math.Max(Baseline ?? Now, 1e-3):0.#}x as long as in good times ({Now:0.00} s a batch, {Baseline ?? Now:0.00} s then)");

    /// <summary>Takes in a batch.</summary>
    /// <param name="at">When it ended.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="units">Its size; batches of less than half the usual size say little and are left out.</param>
    public void Took(DateTimeOffset at, TimeSpan took, double units)
    {
        _fullBatch = Math.Max(_fullBatch, units);
        if (units < _fullBatch / 2)
        {
            return;
        }

        if (at - _sliceBegan >= Slice)
        {
            Close();
            _sliceBegan = at;
        }

        if (_slice.Count < SamplesOfASlice)
        {
            _slice.Add(took.TotalSeconds);
        }

        _last.Enqueue((at, took.TotalSeconds));
        while (_last.Count > LastSamples || (_last.Count > FewestSamples && at - _last.Peek().At > Recently))
        {
            _last.Dequeue();
        }
    }

    private double Now => Quantile([.. _last.Select(s => s.Seconds)], .5);

    /// <summary>The slice under way counts as soon as it has samples enough: a copy that begins is held against its own beginning.</summary>
    private double? Baseline
    {
        get
        {
            IEnumerable<double> all = _slice.Count >= FewestSamples ? _slices.Append(Quantile([.. _slice], LowQuantile)) : _slices;
            return all.ToArray() is { Length: > 0 } known ? Quantile(known, LowQuantile) : null;
        }
    }

    private void Close()
    {
        if (_slice.Count >= FewestSamples)
        {
            _slices.Enqueue(Quantile([.. _slice], LowQuantile));
            if (_slices.Count > Slices)
            {
                _slices.Dequeue();
            }
        }

        _slice.Clear();
    }

    private static double Quantile(double[] values, double share)
    {
        Array.Sort(values);
        return values.Length == 0 ? 0 : values[(int)(share * (values.Length - 1))];
    }
}
