using DriftGuard.Core.Rollouts.Pacing;
using Microsoft.Extensions.Time.Testing;

namespace DriftGuard.Core.Tests.Rollouts.Pacing;

/// <summary>
/// A copy of a few streams against a server that is modelled: a call takes a time with noise, which the server's own trouble multiplies, and the load
/// that the copy and others put on it lengthens as in a queue: 1 / (1 - load). Each stream rests after a call as the controller says.
/// </summary>
internal sealed class CopySimulation(double callSeconds, int streams, double loadOfTheCopy, int seed)
{
    private readonly FakeTimeProvider _time = new(new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));
    private readonly Random _random = new(seed);
    private readonly List<(double At, double Share)> _shares = [];
    private double[]? _nextEnd;
    private double[]? _took;
    private double _now;

    public SlowDownController Controller => field ??= new(_time);

    /// <summary>The server's own trouble: how many times longer everything takes.</summary>
    public double Trouble { get; set; } = 1;

    /// <summary>What others ask of the server, as a share of all it can do.</summary>
    public double LoadOfOthers { get; set; }

    /// <summary>The share at each call since the beginning.</summary>
    public IReadOnlyList<(double At, double Share)> Shares => _shares;

    /// <summary>Calls so far.</summary>
    public int Calls { get; private set; }

    /// <summary>Runs for a while and gives the shares of that time.</summary>
    public List<double> Run(TimeSpan duration)
    {
        var (until, first) = (_now + duration.TotalSeconds, _shares.Count);
        _took ??= [.. Enumerable.Range(0, streams).Select(_ => Call())];
        _nextEnd ??= [.. _took.Select(took => _now + took)];
        while (_nextEnd.Min() <= until)
        {
            var stream = Array.IndexOf(_nextEnd, _nextEnd.Min());
            Advance(_nextEnd[stream]);
            Controller.Took(PaceSignal.Writes, TimeSpan.FromSeconds(_took[stream]), 256);
            _shares.Add((_now, Controller.Now.Share));
            Calls++;
            var rest = Controller.RestAfter(TimeSpan.FromSeconds(_took[stream])).TotalSeconds;
            _took[stream] = Call();
            _nextEnd[stream] = _now + rest + _took[stream];
        }

        Advance(until);
        return [.. _shares.Skip(first).Select(s => s.Share)];
    }

    private void Advance(double to)
    {
        _time.Advance(TimeSpan.FromSeconds(Math.Max(0, to - _now)));
        _now = Math.Max(_now, to);
    }

    /// <summary>Log-normal noise about a quarter wide.</summary>
    private double Call()
    {
        var load = Math.Min(.97, LoadOfOthers + (loadOfTheCopy * Controller.Now.Share));
        var noise = Math.Exp(.25 * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));
        return callSeconds * Trouble * noise / (1 - load);
    }
}
