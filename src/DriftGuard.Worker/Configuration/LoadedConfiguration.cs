namespace DriftGuard.Worker.Configuration;

/// <summary>The options with the story of where they come from.</summary>
/// <param name="Options">The valid options.</param>
/// <param name="File">The file that was read, or null where there is none.</param>
/// <param name="Origins">The source of every value that was set, by its key path; what is missing here is a default.</param>
public sealed record LoadedConfiguration(DriftGuardOptions Options, string? File, IReadOnlyDictionary<string, string> Origins);
