namespace DriftGuard.Qdrant.Connection;

/// <summary>What a call is, as far as its deadline, its repeats and its error message need to know.</summary>
/// <param name="Operation">Such as <c>Upsert</c>.</param>
/// <param name="Collection">The collection or alias it is about, if one.</param>
/// <param name="Timeout">Of one attempt.</param>
/// <param name="Writes">Whether a lost answer leaves the outcome unknown.</param>
/// <param name="Repeatable">Whether a repeat does no harm: any number of them leaves what one leaves.</param>
internal readonly record struct Call(string Operation, string? Collection, TimeSpan Timeout, bool Writes, bool Repeatable)
{
    /// <summary>Whether it writes points; such a call that has no answer may be applied until its deadline.</summary>
    public bool WritesPoints { get; init; }
}
