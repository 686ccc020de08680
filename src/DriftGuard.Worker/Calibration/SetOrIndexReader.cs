using DriftGuard.Core.Calibration;
using DriftGuard.State;

namespace DriftGuard.Worker.Calibration;

/// <summary>Finds the calibration set that a name means: a set's own, or an index' for the set that decides about it.</summary>
internal sealed class SetOrIndexReader(StateStore state, CalibrationSets sets)
{
    private const string IndexPrefix = "index:", SetPrefix = "set:";

    /// <summary>Reads the set.</summary>
    /// <param name="text">A set's name or folder, or an index; <c>set:</c> and <c>index:</c> before it say which.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The set, and the index that was named; null where a set was.</returns>
    /// <exception cref="OperatorException">There is neither, or there are both.</exception>
    /// <exception cref="CalibrationSetException">The set has problems; the message lists all of them.</exception>
    public async Task<(CalibrationSet Set, string? Index)> ReadAsync(string text, CancellationToken cancellation)
    {
        if (text.StartsWith(SetPrefix, StringComparison.Ordinal))
        {
            return (sets.Load(text[SetPrefix.Length..]), null);
        }

        var name = text.StartsWith(IndexPrefix, StringComparison.Ordinal) ? text[IndexPrefix.Length..] : text;
        var index = await state.FindIndexAsync(name, cancellation);
        var isSet = name == text && sets.Contains(text);
        if (index is not null && isSet && !string.Equals(index.CalibrationSet, name, StringComparison.Ordinal))
        {
            throw new OperatorException(OperatorError.Invalid, $"'{name}' is an index and a calibration set: write index:{name} or set:{name}");
        }

        if (index is null)
        {
            return name == text
                ? (sets.Load(text), null)
                : throw new OperatorException(OperatorError.NotFound, $"there is no index '{name}'; 'driftguard index list' lists them");
        }

        return (sets.Load(index.CalibrationSet
            ?? throw new OperatorException(OperatorError.Invalid, $"index '{name}' has no calibration set; name one in its place")), name);
    }
}
