namespace DriftGuard.State;

/// <summary>What was asked for contradicts what is recorded, such as a second rollout of an index.</summary>
/// <param name="message">For people.</param>
public sealed class StateConflictException(string message) : Exception(message);
