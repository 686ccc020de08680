using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Tuning;

/// <summary>The result of a trial, kept for the next start: a file for each model, kind of machine and stated settings.</summary>
internal sealed class TuningFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Content _key;
    private readonly string _path;

    /// <param name="directory">The folder; it need not exist.</param>
    /// <param name="spec">The model.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="stated">What was stated, and so not tried.</param>
    public TuningFile(string directory, ModelSpec spec, MachineFacts machine, EmbeddingModelOptions stated)
    {
        var fingerprint = Fingerprint.Of(spec);
        _key = new(spec.Name, fingerprint.Id, machine, new(stated.Sessions, stated.ThreadsPerSession, stated.TokensPerRun), null, []);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(_key, Json))));
        _path = Path.Combine(directory, $"{fingerprint.Short}-{digest[..16]}.json");
    }

    /// <summary>What was kept; <see langword="null"/> if nothing was, or what is there cannot be read: then it is measured again.</summary>
    public InferenceTuning? Read()
    {
        try
        {
            using var stream = File.OpenRead(_path);
            return JsonSerializer.Deserialize<Content>(stream, Json) is { Settings: { Sessions: > 0, ThreadsPerSession: > 0, TokensPerRun: > 0 } settings, Trials: { } trials } kept
                && kept.Fingerprint == _key.Fingerprint && kept.Machine == _key.Machine && kept.Stated == _key.Stated
                ? new(settings, TuningOrigin.Kept, trials)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Keeps a result; gives why it could not, which is no reason not to use it.</summary>
    public string Write(InferenceTuning tuning)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            // Whole or not at all, also where two processes tune at the same time.
            var temporary = $"{_path}.{Environment.ProcessId}.tmp";
            File.WriteAllText(temporary, JsonSerializer.Serialize(_key with { Settings = tuning.Settings, Trials = tuning.Trials }, Json));
            File.Move(temporary, _path, overwrite: true);
            return "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"not kept: {e.Message}";
        }
    }

    private sealed record Content(
        string Model, string Fingerprint, MachineFacts Machine, StatedSettings Stated, InferenceSettings? Settings, IReadOnlyList<TuningTrial> Trials);

    private sealed record StatedSettings(int? Sessions, int? ThreadsPerSession, int? TokensPerRun);
}
