using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Inference;
using DriftGuard.Embedding.Tokenization;
using DriftGuard.Embedding.Tuning;
using Microsoft.ML.OnnxRuntime;

namespace DriftGuard.Embedding.Onnx;

/// <summary>
/// Makes a model that runs in the process from its files: tokenizer, graph, sessions, and a first run of the longest text, since
/// limit and vocabulary fit a graph only if its tables are as large. The bytes that were verified are the bytes that run, except
/// where weights lie outside of the graph's file: then the runtime opens the files that were verified.
/// </summary>
internal sealed class OnnxModelLoader(ModelFiles files, EmbeddingModelOptions options)
{
    private readonly ModelSpec _spec = files.Spec;

    /// <exception cref="ModelException">The files do not fit together; the message says why.</exception>
    public OnnxModel Load(EmbeddingStatistics statistics)
    {
        var weights = _spec.Files.Where(f => ModelFileRoles.IsWeights(f.Role)).ToList();
        weights.ForEach(f => files.Verify(f.Role));
        var graph = files.Read(ModelFileRoles.Graph);
        var tokenizer = TokenizerLoader.Load(files);
        files.ThrowIfProblems();

        var operators = files.Try(files.PathOf(ModelFileRoles.Graph), () => OperatorsOf(graph));
        var encoder = files.Try(files.SpecPath, () => new TextEncoder(tokenizer!, _spec));
        files.ThrowIfProblems();

        var source = weights.Count > 0 ? new GraphSource(null, files.PathOf(ModelFileRoles.Graph)) : new GraphSource(graph, null);
        var oneByOne = _spec.Batching == Batching.Single && OnnxOperators.AreDynamicallyQuantised(operators!);
        var choice = TuningChoice.For(_spec, options, oneByOne, WeightBytes(graph.LongLength, weights));
        var sessions = OpenSessions(source, tokenizer!, choice.Start.Settings);
        var crew = new WorkerCrew(new SessionWorkers(sessions), choice.Start.Settings);
        var trial = new SettingsTrial(
            crew, new BatchRunner(_spec, tokenizer!.PaddingId, new()), new(tokenizer.VocabularySize, _spec.MaxTokens),
            threads => new(source, _spec, threads, options.ExecutionProviders));
        return new(
            _spec, encoder!, new BatchRunner(_spec, tokenizer.PaddingId, statistics), crew, new SelfTuning(choice, options, trial),
            sessions[0].Provider, [.. sessions[0].Inner.InputMetadata.Keys]);
    }

    private long WeightBytes(long graph, List<ModelFile> weights) => graph + weights.Sum(f => new FileInfo(files.PathOf(f.Role)).Length);

    private List<OnnxSession> OpenSessions(GraphSource graph, ITextTokenizer tokenizer, InferenceSettings settings)
    {
        var sessions = new List<OnnxSession>();
        try
        {
            for (var i = 0; i < settings.Sessions; i++)
            {
                sessions.Add(new(graph, _spec, settings.ThreadsPerSession, options.ExecutionProviders));
                if (i == 0)
                    CheckGraph(sessions[0], tokenizer);
            }

            return sessions;
        }
        catch (Exception e)
        {
            sessions.ForEach(s => s.Dispose());
            if (e is OnnxRuntimeException)
                files.Report(ModelFileRoles.Graph, $"the ONNX runtime cannot load it: {e.Message}");
            else if (e is InvalidDataException)
                files.ReportAt("models.executionProviders", e.Message);
            files.ThrowIfProblems(e);
            throw;
        }
    }

    private void CheckGraph(OnnxSession session, ITextTokenizer tokenizer)
    {
        foreach (var violation in GraphContract.Violations(session.Inner, _spec))
            files.Report(ModelFileRoles.Graph, violation);
        files.ThrowIfProblems();
        try
        {
            RunLongestText(session, tokenizer);
        }
        catch (Exception e) when (e is OnnxRuntimeException or InvalidDataException)
        {
            files.Report(ModelFileRoles.Graph, $"fails on a text of max_tokens ({_spec.MaxTokens}) tokens of the vocabulary's last id "
                + $"({tokenizer.VocabularySize - 1}): {e.Message}");
        }

        files.ThrowIfProblems();
    }

    private void RunLongestText(OnnxSession session, ITextTokenizer tokenizer)
    {
        session.Ids(1, _spec.MaxTokens).Fill(tokenizer.VocabularySize - 1);
        session.Mask(1, _spec.MaxTokens).Fill(1);
        session.Run(1, _spec.MaxTokens, _spec, static (_, dimensions, spec) =>
        {
            if (dimensions != GraphContract.NativeDimensions(spec))
                throw new InvalidDataException(GraphContract.WrongDimensions(spec, dimensions));
        });
    }

    private static IReadOnlySet<string> OperatorsOf(byte[] graph)
    {
        try
        {
            return OnnxOperators.Of(graph);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"is no ONNX model, although it is the file that the spec pins: {e.Message}. Fetch the model again, and state the digest of the right file.", e);
        }
    }
}

/// <summary>Where the runtime takes a graph from.</summary>
/// <param name="Bytes">The graph with its weights; <see langword="null"/> where they lie in files of their own.</param>
/// <param name="Path">The graph's file, beside its weights.</param>
internal sealed record GraphSource(byte[]? Bytes, string? Path);

/// <summary>The parts of a model that is ready to run.</summary>
/// <param name="Spec">What decides its vectors.</param>
/// <param name="Encoder">Texts to ids.</param>
/// <param name="Runner">Ids to outcomes.</param>
/// <param name="Crew">The sessions, their threads, and how they are run.</param>
/// <param name="Tuning">Finds how they are best run.</param>
/// <param name="Provider">What the graph runs on, for people.</param>
/// <param name="InputNames">The inputs of the graph.</param>
internal sealed record OnnxModel(
    ModelSpec Spec, TextEncoder Encoder, BatchRunner Runner, WorkerCrew Crew, SelfTuning Tuning, string Provider, IReadOnlyList<string> InputNames);
