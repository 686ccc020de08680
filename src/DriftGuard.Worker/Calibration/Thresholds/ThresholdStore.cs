using System.Globalization;
using System.Text.Json;
using DriftGuard.Core.Calibration.Thresholds;
using DriftGuard.Core.Gate;
using DriftGuard.State;

namespace DriftGuard.Worker.Calibration.Thresholds;

/// <summary>Keeps thresholds, and tells which of an index are known under which model.</summary>
internal sealed class ThresholdStore(StateStore state)
{
    public Task AddAsync(Threshold t, CancellationToken cancellation) => state.AddThresholdAsync(
        new(t.Index, t.Fingerprint, t.Name, t.Value, ThresholdJson.Word(t.Method), t.Provisional, (double?)t.Alpha, t.Interval?.Lower, t.Interval?.Upper, t.Set, t.Seed, t.At,
            JsonSerializer.Serialize(t, ThresholdJson.Options)),
        t.Method == ThresholdMethod.Withdrawn
            ? $"threshold '{t.Name}' for {t.Model} withdrawn"
            : string.Create(CultureInfo.InvariantCulture, $"threshold '{t.Name}' for {t.Model}: {t.Value:0.0000}, {ThresholdJson.Word(t.Method)}{(t.Provisional ? ", provisional" : "")}"),
        cancellation);

    /// <summary>The newest of each name under a model, by name, without those that were withdrawn.</summary>
    public async Task<IReadOnlyList<Threshold>> ListAsync(string index, string fingerprint, CancellationToken cancellation) =>
        [.. (await NewestAsync(index, fingerprint, cancellation)).Where(t => t.Method != ThresholdMethod.Withdrawn)];

    /// <summary>All that were ever stored for an index, newest first.</summary>
    public async Task<IReadOnlyList<Threshold>> HistoryAsync(string index, CancellationToken cancellation) =>
        [.. (await state.ThresholdHistoryAsync(index, cancellation)).Select(stored => ThresholdJson.Read(stored.Json))];

    /// <summary>What a change of model has to carry over; null where the index has no threshold under the old model.</summary>
    /// <param name="index">The index.</param>
    /// <param name="from">Fingerprint of the old model.</param>
    /// <param name="to">Fingerprint of the new model.</param>
    /// <param name="model">Name of the new model.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<ThresholdEvidence?> EvidenceAsync(string index, string from, string to, string model, CancellationToken cancellation)
    {
        var needed = await ListAsync(index, from, cancellation);
        if (needed.Count == 0)
        {
            return null;
        }

        // One that is withdrawn under the new model is settled: somebody has said that it is not cut at any more.
        var known = (await NewestAsync(index, to, cancellation)).ToDictionary(t => t.Name, StringComparer.Ordinal);
        return new(
            index, model,
            [.. needed.Select(t => t.Name)],
            [.. needed.Select(t => t.Name).Where(name => !known.ContainsKey(name))],
            Named(now => now.Provisional))
        {
            Stated = Named(now => now.Method == ThresholdMethod.Stated),
            Unchanged = [.. needed.Where(old => known.TryGetValue(old.Name, out var now) && now.Method == ThresholdMethod.Stated && now.Value.Equals(old.Value)).Select(old => old.Name)],
            Withdrawn = Named(now => now.Method == ThresholdMethod.Withdrawn),
        };

        IReadOnlyList<string> Named(Func<Threshold, bool> which) => [.. needed.Select(t => t.Name).Where(name => known.TryGetValue(name, out var now) && which(now))];
    }

    private async Task<List<Threshold>> NewestAsync(string index, string fingerprint, CancellationToken cancellation) =>
        [.. (await state.ThresholdsAsync(index, fingerprint, cancellation)).Select(stored => ThresholdJson.Read(stored.Json))];
}
