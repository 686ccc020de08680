using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Inference;
using DriftGuard.Embedding.Tokenization;
using DriftGuard.Embedding.Tuning;

namespace DriftGuard.Embedding.Onnx;

/// <summary>Makes a model that runs in the process from its files: tokenizer, graph, sessions, and a check that all of it fits together.</summary>
internal sealed class OnnxModelLoader(ModelFiles files, EmbeddingModelOptions options)
{
    private readonly ModelSpec _spec = files.Spec;

    /// <exception cref="ModelException">The files do not fit together; the message says why.</exception>
    public OnnxModel Load(EmbeddingStatistics statistics)
    {
        var graph = OnnxGraph.Read(files, options);
        var tokenizer = TokenizerLoader.Load(files);
        var text = tokenizer is null ? null : files.Try(files.SpecPath, () => TextModel.Create(_spec, tokenizer, graph?.IsDynamicallyQuantised == true, statistics));
        files.ThrowIfProblems();

        var choice = TuningChoice.For(_spec, options, text!.OneByOne, graph!.WeightBytes);
        var opened = graph.Open(choice.Start.Settings, session =>
        {
            foreach (var violation in GraphCheck.Violations(session, _spec, tokenizer!))
                files.Report(ModelFileRoles.Graph, violation);
        });
        var crew = new WorkerCrew(new SessionWorkers(opened.Sessions), choice.Start.Settings);
        var trial = new SettingsTrial(
            crew, new BatchRunner(_spec, tokenizer!.PaddingId, new()), new(tokenizer.VocabularySize, _spec.MaxTokens), graph.OpenLater);
        return new(text, crew, new SelfTuning(choice, options, trial), opened.Provider, [.. opened.Sessions[0].Inner.InputMetadata.Keys])
        {
            IsDynamicallyQuantised = graph.IsDynamicallyQuantised,
        };
    }
}

/// <summary>The parts of a model that is ready to run.</summary>
/// <param name="Text">What its spec makes of texts.</param>
/// <param name="Crew">The sessions, their threads, and how they are run.</param>
/// <param name="Tuning">Finds how they are best run.</param>
/// <param name="Provider">What the graph runs on, for people.</param>
/// <param name="InputNames">The inputs of the graph.</param>
internal sealed record OnnxModel(TextModel Text, WorkerCrew Crew, SelfTuning Tuning, string Provider, IReadOnlyList<string> InputNames)
{
    /// <summary>Whether the graph's vectors depend on the batch.</summary>
    public bool IsDynamicallyQuantised { get; init; }
}
