namespace DriftGuard.State;

/// <summary>A similarity that applications of an index cut at, under one model.</summary>
/// <param name="Index">The index.</param>
/// <param name="Fingerprint">The model whose scores it cuts.</param>
/// <param name="Name">What the application calls it.</param>
/// <param name="Value">The threshold; a finite number.</param>
/// <param name="Method">Where it comes from, in a word.</param>
/// <param name="Provisional">It holds until one is learned.</param>
/// <param name="Alpha">The share of different pairs that it accepts at most; null where it bounds none.</param>
/// <param name="Lower">Lower end of its interval; null where it has none.</param>
/// <param name="Upper">Upper end of its interval; null where it has none.</param>
/// <param name="Source">The calibration set or file of pairs; null where there is none.</param>
/// <param name="Seed">Seed of everything that was drawn; null where nothing was.</param>
/// <param name="At">When it was stored.</param>
/// <param name="Json">The whole of it, figures included.</param>
public sealed record StoredThreshold(
    string Index, string Fingerprint, string Name, double Value, string Method, bool Provisional, double? Alpha, double? Lower, double? Upper, string? Source, int? Seed,
    DateTimeOffset At, string Json);
