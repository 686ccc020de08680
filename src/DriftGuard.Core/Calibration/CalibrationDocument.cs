using System.Text.Json;

namespace DriftGuard.Core.Calibration;

/// <summary>A document of <c>corpus.jsonl</c>.</summary>
/// <param name="Id">Its id, as the judgements name it.</param>
/// <param name="Text">The text to embed; may be empty, which is warned of.</param>
/// <param name="Payload">Every other field, as it stands in the file.</param>
public sealed record CalibrationDocument(string Id, string Text, IReadOnlyDictionary<string, JsonElement> Payload);
