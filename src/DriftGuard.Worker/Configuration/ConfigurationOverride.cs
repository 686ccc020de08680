namespace DriftGuard.Worker.Configuration;

/// <summary>A setting given elsewhere than in the file and the environment; it wins over both.</summary>
/// <param name="Key">The setting's path, such as <c>dataDirectory</c>.</param>
/// <param name="Value">The value as text.</param>
/// <param name="Source">Who gave it, for messages, such as <c>--data</c>.</param>
public sealed record ConfigurationOverride(string Key, string Value, string Source);
