using Microsoft.ML.OnnxRuntime;

namespace DriftGuard.Embedding.Onnx;

/// <summary>
/// One session of the runtime and the buffers that feed it. Not thread-safe: each worker has its own.
/// </summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly string[] _inputNames;
    private readonly OrtValue[] _inputs;
    private bool _isProfiled;
    private readonly OutputFloats _floats = new();
    private long[] _ids = [];
    private long[] _mask = [];
    private long[] _types = [];

    /// <summary>Loads the weights.</summary>
    /// <param name="graph">Where from.</param>
    /// <param name="threads">Threads of one run.</param>
    /// <param name="providers">Execution providers, in the order of preference.</param>
    /// <param name="profile">Whether runs are recorded for <see cref="EndProfile"/>: always, off, or where other hardware than the processor is used.</param>
    public OnnxSession(GraphSource graph, int threads, IReadOnlyList<string> providers, bool? profile = false)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            // Part of what a vector is: other levels give quantised graphs other vectors. Stated, so that a new default changes nothing.
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            // Patterns are kept for each shape seen, and texts have many shapes.
            EnableMemoryPattern = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        var (provider, remark) = ExecutionProviders.Append(options, providers);
        Provider = provider + remark;
        _isProfiled = profile ?? provider != ExecutionProviders.Cpu;
        if (_isProfiled)
        {
            options.ProfileOutputPathPrefix = Path.Combine(Path.GetTempPath(), $"driftguard-{Guid.NewGuid():N}");
            options.EnableProfiling = true;
        }

        _session = graph.Bytes is { } bytes ? new(bytes, options) : new(graph.Path, options);
        _inputNames = [.. _session.InputMetadata.Keys];
        _inputs = new OrtValue[_inputNames.Length];
    }

    /// <summary>What the graph runs on.</summary>
    public string Provider { get; }

    public InferenceSession Inner => _session;

    /// <summary>
    /// The buffer for the ids of a batch, <c>[texts, sequence]</c>, to be filled before <see cref="Run"/>. Its content is what is
    /// left from the batch before.
    /// </summary>
    public Span<long> Ids(int texts, int sequence)
    {
        var size = texts * sequence;
        if (_ids.Length < size)
        {
            _ids = new long[size];
            _mask = new long[size];
            _types = new long[size];
        }

        return _ids.AsSpan(0, size);
    }

    /// <summary>The attention mask that goes with <see cref="Ids"/>: 1 for a token, 0 for padding.</summary>
    public Span<long> Mask(int texts, int sequence) => _mask.AsSpan(0, texts * sequence);

    /// <summary>Runs the graph and hands an output to <paramref name="read"/>, which must not keep it.</summary>
    /// <exception cref="OnnxRuntimeException">The runtime refused the batch.</exception>
    /// <exception cref="InvalidDataException">The output has another shape than the graph declares.</exception>
    public void Run<T>(GraphOutput output, int texts, int sequence, T state, ReadOutput<T> read)
    {
        long[] shape = [texts, sequence];
        try
        {
            for (var i = 0; i < _inputs.Length; i++)
                _inputs[i] = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, BufferOf(_inputNames[i], texts * sequence), shape);
            using var outputs = _session.Run(_runOptions, _inputNames, _inputs, output.Names);
            var found = outputs[0].GetTensorTypeAndShape().Shape;
            if (!output.Fits(found, texts, sequence))
                throw new InvalidDataException($"output '{output}' is [{string.Join(", ", found)}] for {texts} texts of {sequence} tokens.");
            read(_floats.Read(outputs[0]), (int)found[^1], state);
        }
        finally
        {
            foreach (var input in _inputs)
                input?.Dispose();
        }
    }

    /// <summary>How many nodes each provider ran since the session was opened; <see langword="null"/> if it was not recorded.</summary>
    public string? EndProfile()
    {
        if (!_isProfiled)
            return null;
        _isProfiled = false;
        var file = _session.EndProfiling();
        try
        {
            return NodePlacement.Describe(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public void Dispose()
    {
        if (_isProfiled)
            File.Delete(_session.EndProfiling());
        _runOptions.Dispose();
        _session.Dispose();
    }

    private Memory<long> BufferOf(string name, int size) => name switch
    {
        GraphContract.InputIds => _ids.AsMemory(0, size),
        GraphContract.AttentionMask => _mask.AsMemory(0, size),
        _ => _types.AsMemory(0, size),
    };
}

/// <summary>Reads the output of a run: its floats, row by row, and its last dimension.</summary>
internal delegate void ReadOutput<in T>(ReadOnlySpan<float> output, int dimensions, T state);
