using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Onnx;

namespace DriftGuard.Embedding.Tuning;

/// <summary>What a model is started with, and what there is to try.</summary>
/// <param name="Start">The settings of the start: stated, kept, or preset.</param>
/// <param name="Candidates">What the trial tries.</param>
/// <param name="File">Where its result is kept; <see langword="null"/> for nowhere.</param>
internal sealed record TuningChoice(InferenceTuning Start, SettingsCandidates Candidates, TuningFile? File)
{
    public static TuningChoice For(ModelSpec spec, EmbeddingModelOptions options, bool oneByOne, long weightBytes)
    {
        // A provider that is not there is reported when the first session is opened.
        var provider = ExecutionProviders.Choose(options.ExecutionProviders) ?? ExecutionProviders.Cpu;
        var fitting = SessionMemory.Fitting(weightBytes);
        var candidates = SettingsCandidates.For(options, oneByOne, Environment.ProcessorCount, provider == ExecutionProviders.Cpu, fitting);
        if (!candidates.IsChoice)
            return new(new(candidates.Preset, TuningOrigin.Stated, []), candidates, null);
        var file = options.TuningDirectory is { } directory ? new TuningFile(directory, spec, MachineFacts.Of(provider), options) : null;
        var kept = file?.Read() is { } read && read.Settings.Sessions <= Math.Max(fitting, options.Sessions ?? 1) ? read : null;
        return new(kept ?? new(candidates.Preset, TuningOrigin.Preset, [], "measured at the first bulk work"), candidates, file);
    }
}
