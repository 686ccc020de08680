using System.Collections.Concurrent;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Inference;
using DriftGuard.Embedding.Onnx;
using DriftGuard.Embedding.Tokenization;
using DriftGuard.Embedding.Tuning;

namespace DriftGuard.Embedding.Variants;

/// <summary>Variants of a model that runs in the process: one set of sessions, and for each variant what its spec makes of texts.</summary>
internal sealed class OnnxVariants : IVariantSource
{
    private readonly string _directory;
    private readonly EmbeddingModelOptions _options;
    private readonly OnnxGraph _graph;
    private readonly WorkerCrew _crew;
    private readonly ConcurrentDictionary<TokenizerSpec, ITextTokenizer> _tokenizers = new();
    private readonly ConcurrentDictionary<(string Output, int Rank, int Dimensions, int MaxTokens), bool> _checked = new();

    private OnnxVariants(string directory, EmbeddingModelOptions options, OnnxGraph graph, WorkerCrew crew) =>
        (_directory, _options, _graph, _crew) = (directory, options, graph, crew);

    public bool IsDynamicallyQuantised => _graph.IsDynamicallyQuantised;

    /// <exception cref="ModelException">The graph cannot be loaded.</exception>
    public static OnnxVariants Open(string directory, ModelSpec spec, EmbeddingModelOptions options)
    {
        var files = new ModelFiles(directory, spec);
        var graph = OnnxGraph.Read(files, options);
        files.ThrowIfProblems();
        var provider = ExecutionProviders.Choose(options.ExecutionProviders) ?? ExecutionProviders.Cpu;
        // In batches by default: variants for which a batch would show run one by one whatever the settings are.
        var settings = SettingsCandidates.For(
            options, oneByOne: false, Environment.ProcessorCount, provider == ExecutionProviders.Cpu, SessionMemory.Fitting(graph!.WeightBytes)).Preset;
        var opened = graph.Open(settings, _ => { });
        return new(directory, options, graph, new(new SessionWorkers(opened.Sessions), settings));
    }

    public async Task<ITextEmbedder> PrepareAsync(ModelSpec variant)
    {
        var files = new ModelFiles(_directory, variant);
        var tokenizer = TokenizerOf(files);
        var text = tokenizer is null ? null : files.Try(files.SpecPath, () => TextModel.Create(variant, tokenizer, _graph.IsDynamicallyQuantised, new()));
        files.ThrowIfProblems();
        await CheckAsync(files, tokenizer!).ConfigureAwait(false);
        return new TextPipeline(text!, _crew, _options);
    }

    public void Dispose() => _crew.Dispose();

    private ITextTokenizer? TokenizerOf(ModelFiles files)
    {
        if (_tokenizers.TryGetValue(files.Spec.Tokenizer!, out var known))
            return known;
        return TokenizerLoader.Load(files) is { } loaded ? _tokenizers.GetOrAdd(files.Spec.Tokenizer!, loaded) : null;
    }

    /// <summary>Most variants read the same output as far as the same limit: the long run is made once for them.</summary>
    private async Task CheckAsync(ModelFiles files, ITextTokenizer tokenizer)
    {
        var output = GraphOutput.Of(files.Spec);
        var key = (output.ToString(), output.Rank, output.Dimensions, files.Spec.MaxTokens);
        if (_checked.ContainsKey(key))
            return;
        IReadOnlyList<string> violations = [];
        await _crew.RunAsync([session => violations = GraphCheck.Violations(session, files.Spec, tokenizer)], interactive: true, CancellationToken.None).ConfigureAwait(false);
        foreach (var violation in violations)
            files.Report(ModelFileRoles.Graph, violation);
        files.ThrowIfProblems();
        _checked[key] = true;
    }
}
