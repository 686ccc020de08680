using DriftGuard.Core.Embedding;
using Microsoft.ML.OnnxRuntime;

namespace DriftGuard.Embedding.Onnx;

/// <summary>
/// A graph whose files were verified, and what opens sessions of it. The bytes that were verified are the bytes that run, except where
/// weights lie outside of the graph's file: then the runtime opens the files that were verified.
/// </summary>
internal sealed class OnnxGraph
{
    private readonly ModelFiles _files;
    private readonly EmbeddingModelOptions _options;
    private readonly GraphSource _source;

    private OnnxGraph(ModelFiles files, EmbeddingModelOptions options, GraphSource source, OnnxFile content, long weightBytes)
    {
        (_files, _options, _source) = (files, options, source);
        (IsDynamicallyQuantised, WeightBytes) = (content.IsDynamicallyQuantised, weightBytes);
    }

    /// <summary>Whether a text's vector depends on the other texts of its batch.</summary>
    public bool IsDynamicallyQuantised { get; }

    /// <summary>Bytes of the weights, which each session holds once.</summary>
    public long WeightBytes { get; }

    /// <summary>Reads the graph of a model; <see langword="null"/>, and problems in <paramref name="files"/>, where it cannot be used.</summary>
    public static OnnxGraph? Read(ModelFiles files, EmbeddingModelOptions options)
    {
        var weights = files.Spec.Files.Where(f => ModelFileRoles.IsWeights(f.Role)).ToList();
        weights.ForEach(f => files.Verify(f.Role));
        var graph = files.Read(ModelFileRoles.Graph);
        if (files.HasProblems || files.Try(files.PathOf(ModelFileRoles.Graph), () => Inspect(graph)) is not { } content)
            return null;
        CheckWeights(files, content);
        var source = weights.Count > 0 ? new GraphSource(null, files.PathOf(ModelFileRoles.Graph)) : new GraphSource(graph, null);
        return new(files, options, source, content, graph.LongLength + weights.Sum(f => new FileInfo(files.PathOf(f.Role)).Length));
    }

    /// <summary>Opens the sessions that a model starts with.</summary>
    /// <param name="settings">How many, and of how many threads.</param>
    /// <param name="check">Reports what is wrong with the first one, before others are opened.</param>
    /// <exception cref="ModelException">The runtime refuses the graph, or the check found something.</exception>
    public OpenedSessions Open(InferenceSettings settings, Action<OnnxSession> check)
    {
        var sessions = new List<OnnxSession>();
        try
        {
            for (var i = 0; i < settings.Sessions; i++)
            {
                sessions.Add(new(_source, settings.ThreadsPerSession, _options.ExecutionProviders, profile: i == 0 ? null : false));
                if (i > 0)
                    continue;
                check(sessions[0]);
                _files.ThrowIfProblems();
            }

            return new(sessions, sessions[0].EndProfile());
        }
        catch (Exception e)
        {
            sessions.ForEach(s => s.Dispose());
            if (e is OnnxRuntimeException)
                _files.Report(ModelFileRoles.Graph, $"the ONNX runtime cannot load it: {e.Message}");
            else if (e is InvalidDataException)
                _files.ReportAt("models.executionProviders", e.Message);
            _files.ThrowIfProblems(e);
            throw;
        }
    }

    /// <summary>Opens a session long after the others: what lies on the disk by then may be another model.</summary>
    /// <exception cref="InvalidDataException">It is.</exception>
    public OnnxSession OpenLater(int threads)
    {
        var session = new OnnxSession(_source, threads, _options.ExecutionProviders);
        if (_source.Path is null || _files.AreUnchanged())
            return session;
        session.Dispose();
        throw new InvalidDataException($"the files beside {_files.SpecPath} were exchanged since the model was opened; open it again to use them.");
    }

    /// <summary>Weights that nobody pins could change unseen.</summary>
    private static void CheckWeights(ModelFiles files, OnnxFile content)
    {
        var folder = Path.GetDirectoryName(files.Spec.Files.Single(f => f.Role == ModelFileRoles.Graph).Path) ?? "";
        foreach (var path in content.WeightsFiles.Select(f => Path.Combine(folder, f)).Where(path => !files.Has(ModelFileRoles.Weights(path))))
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

/// <summary>Sessions of one graph.</summary>
/// <param name="Sessions">One at least.</param>
/// <param name="Placement">How many nodes ran on which hardware; <see langword="null"/> if it was not recorded.</param>
internal sealed record OpenedSessions(IReadOnlyList<OnnxSession> Sessions, string? Placement)
{
    /// <summary>What the graph runs on, for people.</summary>
    public string Provider => Sessions[0].Provider + (Placement is null ? "" : $" (nodes: {Placement})");
}
