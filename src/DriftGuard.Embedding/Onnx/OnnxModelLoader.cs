using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Inference;
using DriftGuard.Embedding.Tokenization;
using DriftGuard.Embedding.Tuning;
using Microsoft.ML.OnnxRuntime;

namespace DriftGuard.Embedding.Onnx;

/// <summary>
/// Makes a model that runs in the process from its files: tokenizer, graph, sessions, and a first run of a long text, since limit
/// and vocabulary fit a graph only if its tables are as large. The bytes that were verified are the bytes that run, except
/// where weights lie outside of the graph's file: then the runtime opens the files that were verified.
/// </summary>
internal sealed class OnnxModelLoader(ModelFiles files, EmbeddingModelOptions options)
{
    /// <summary>
    /// Tokens of the first run at most. Attention takes memory with their square: a graph for 8,192 would take gigabytes at every
    /// start, and a table that is too short for longer texts shows at the first of them, as that text's failure.
    /// </summary>
    private const int LongestFirstRun = 1024;

    private readonly ModelSpec _spec = files.Spec;

    /// <exception cref="ModelException">The files do not fit together; the message says why.</exception>
    public OnnxModel Load(EmbeddingStatistics statistics)
    {
        var weights = _spec.Files.Where(f => ModelFileRoles.IsWeights(f.Role)).ToList();
        weights.ForEach(f => files.Verify(f.Role));
        var graph = files.Read(ModelFileRoles.Graph);
        var tokenizer = TokenizerLoader.Load(files);
        files.ThrowIfProblems();

        var file = files.Try(files.PathOf(ModelFileRoles.Graph), () => Inspect(graph));
        var encoder = files.Try(files.SpecPath, () => new TextEncoder(tokenizer!, _spec));
        CheckWeights(file);
        files.ThrowIfProblems();

        var source = weights.Count > 0 ? new GraphSource(null, files.PathOf(ModelFileRoles.Graph)) : new GraphSource(graph, null);
        var oneByOne = _spec.Batching == Batching.Single && file!.IsDynamicallyQuantised;
        var choice = TuningChoice.For(_spec, options, oneByOne, WeightBytes(graph.LongLength, weights));
        var (sessions, placement) = OpenSessions(source, tokenizer!, choice.Start.Settings);
        var crew = new WorkerCrew(new SessionWorkers(sessions), choice.Start.Settings);
        var trial = new SettingsTrial(
            crew, new BatchRunner(_spec, tokenizer!.PaddingId, new()), new(tokenizer.VocabularySize, _spec.MaxTokens),
            threads => OpenLater(source, threads));
        return new(
            _spec, encoder!, new BatchRunner(_spec, tokenizer.PaddingId, statistics), crew, new SelfTuning(choice, options, trial),
            sessions[0].Provider + (placement is null ? "" : $" (nodes: {placement})"), [.. sessions[0].Inner.InputMetadata.Keys]);
    }

    /// <summary>A session that is opened long after the others: what lies on the disk by then may be another model.</summary>
    private OnnxSession OpenLater(GraphSource source, int threads)
    {
        var session = new OnnxSession(source, _spec, threads, options.ExecutionProviders);
        if (source.Path is null || files.AreUnchanged())
            return session;
        session.Dispose();
        throw new InvalidDataException($"the files beside {files.SpecPath} were exchanged since the model was opened; open it again to use them.");
    }

    private long WeightBytes(long graph, List<ModelFile> weights) => graph + weights.Sum(f => new FileInfo(files.PathOf(f.Role)).Length);

    private (List<OnnxSession> Sessions, string? Placement) OpenSessions(GraphSource graph, ITextTokenizer tokenizer, InferenceSettings settings)
    {
        var sessions = new List<OnnxSession>();
        try
        {
            for (var i = 0; i < settings.Sessions; i++)
            {
                sessions.Add(new(graph, _spec, settings.ThreadsPerSession, options.ExecutionProviders, profile: i == 0 ? null : false));
                if (i == 0)
                    CheckGraph(sessions[0], tokenizer);
            }

            return (sessions, sessions[0].EndProfile());
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
            RunLongText(session, tokenizer);
        }
        catch (Exception e) when (e is OnnxRuntimeException or InvalidDataException)
        {
            files.Report(ModelFileRoles.Graph, $"fails on a text of {(_spec.MaxTokens <= LongestFirstRun ? "max_tokens" : "the first of max_tokens")} ({Math.Min(_spec.MaxTokens, LongestFirstRun)}) tokens of the vocabulary's last id "
                + $"({tokenizer.VocabularySize - 1}): {e.Message}");
        }

        files.ThrowIfProblems();
    }

    private void RunLongText(OnnxSession session, ITextTokenizer tokenizer)
    {
        var tokens = Math.Min(_spec.MaxTokens, LongestFirstRun);
        session.Ids(1, tokens).Fill(tokenizer.VocabularySize - 1);
        session.Mask(1, tokens).Fill(1);
        session.Run(1, tokens, _spec, static (_, dimensions, spec) =>
        {
            if (dimensions != GraphContract.NativeDimensions(spec))
                throw new InvalidDataException(GraphContract.WrongDimensions(spec, dimensions));
        });
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    /// <summary>Weights that nobody pins could change unseen.</summary>
    private void CheckWeights(OnnxFile? file)
    {
        var folder = Path.GetDirectoryName(_spec.Files.Single(f => f.Role == ModelFileRoles.Graph).Path) ?? "";
        foreach (var path in file is null ? [] : file.WeightsFiles.Select(f => Path.Combine(folder, f)).Where(path => !files.Has(ModelFileRoles.Weights(path))))
            files.Report(ModelFileRoles.Graph, $"has weights in '{path}', which the spec does not pin. Add its path and sha256 to files.weights.");
    }

    private static OnnxFile Inspect(byte[] graph)
    {
        try
        {
            return OnnxFile.Read(graph);
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
