using System.Security.Cryptography;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Inference;
using DriftGuard.Embedding.Onnx;
using DriftGuard.Embedding.Specs;
using DriftGuard.Embedding.Tokenization;
using Microsoft.ML.OnnxRuntime;

namespace DriftGuard.Embedding;

/// <summary>
/// Reads a model folder and refuses it unless all of it fits together: the spec, each file's digest, the graph, and a first run of
/// the longest text. The bytes that were verified are the bytes that run.
/// </summary>
internal sealed class ModelLoader
{
    private readonly string _directory;
    private readonly List<ModelProblem> _problems = [];

    private ModelLoader(string directory) => _directory = directory;

    /// <exception cref="ModelException">The folder cannot be used; the message says why.</exception>
    public static LoadedModel Load(string directory, EmbeddingModelOptions options) => new ModelLoader(directory).Load(options);

    private LoadedModel Load(EmbeddingModelOptions options)
    {
        var spec = ModelSpecFile.Read(_directory, _problems);
        ThrowIfProblems();
        var graph = ReadVerified(spec!, ModelFileRoles.Graph);
        var vocabulary = ReadVerified(spec!, ModelFileRoles.Vocabulary);
        ThrowIfProblems();

        var tokenizer = Try(spec!, ModelFileRoles.Vocabulary, () => BertTextTokenizer.Create(vocabulary, spec!.Tokenizer!));
        var operators = Try(spec!, ModelFileRoles.Graph, () => OperatorsOf(graph));
        ThrowIfProblems();
        var encoder = Try(Path.Combine(_directory, ModelSpecFile.Name), () => new TextEncoder(tokenizer!, spec!));
        ThrowIfProblems();

        var sessions = OpenSessions(graph, spec!, tokenizer!, options.SessionCount);
        var oneByOne = spec!.Batching == Batching.Single && OnnxOperators.AreDynamicallyQuantised(operators!);
        return new(
            spec, encoder!, new BatchRunner(spec, tokenizer!.PaddingId), new SessionWorkers(sessions), oneByOne ? 1 : options.TokensPerRun);
    }

    private byte[] ReadVerified(ModelSpec spec, string role)
    {
        var file = spec.Files.Single(f => f.Role == role);
        var path = Path.Combine(_directory, file.Path);
        try
        {
            var bytes = File.ReadAllBytes(path);
            var found = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (found != file.Sha256)
            {
                _problems.Add(new(path, null, $"SHA-256 is {found}, {ModelSpecFile.Name} says {file.Sha256}. It is another version or was "
                    + "cut off; get the file again, or state the new digest: that is another model, and its index must be embedded anew."));
            }

            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _problems.Add(new(path, null, File.Exists(path)
                ? $"cannot be read: {e.Message}"
                : $"there is no such file; {ModelSpecFile.Name} expects it with SHA-256 {file.Sha256}."));
            return [];
        }
    }

    private List<OnnxSession> OpenSessions(byte[] graph, ModelSpec spec, BertTextTokenizer tokenizer, int count)
    {
        var sessions = new List<OnnxSession>();
        try
        {
            for (var i = 0; i < count; i++)
            {
                sessions.Add(new(graph, spec));
                if (i == 0)
                    CheckGraph(sessions[0], spec, tokenizer);
            }

            return sessions;
        }
        catch (Exception e)
        {
            sessions.ForEach(s => s.Dispose());
            if (e is not OnnxRuntimeException)
                throw;
            throw new ModelException(_directory, [new(PathOf(spec, ModelFileRoles.Graph), null,
                $"the ONNX runtime cannot load it: {e.Message}")], e);
        }
    }

    private void CheckGraph(OnnxSession session, ModelSpec spec, BertTextTokenizer tokenizer)
    {
        var path = PathOf(spec, ModelFileRoles.Graph);
        _problems.AddRange(GraphContract.Violations(session.Inner, spec).Select(v => new ModelProblem(path, null, v)));
        ThrowIfProblems();
        try
        {
            RunLongestText(session, spec, tokenizer);
        }
        catch (Exception e) when (e is OnnxRuntimeException or InvalidDataException)
        {
            _problems.Add(new(path, null, $"fails on a text of max_tokens ({spec.MaxTokens}) tokens of the vocabulary's last id "
                + $"({tokenizer.VocabularySize - 1}): {e.Message}"));
        }

        ThrowIfProblems();
    }

    /// <summary>The limit and the vocabulary fit the graph only if its tables are as large; a run is the one proof of that.</summary>
    private static void RunLongestText(OnnxSession session, ModelSpec spec, BertTextTokenizer tokenizer)
    {
        session.Ids(1, spec.MaxTokens).Fill(tokenizer.VocabularySize - 1);
        session.Mask(1, spec.MaxTokens).Fill(1);
        session.Run(1, spec.MaxTokens, spec, static (_, dimensions, spec) =>
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

    private T? Try<T>(ModelSpec spec, string role, Func<T> read) where T : class => Try(PathOf(spec, role), read);

    private T? Try<T>(string path, Func<T> read) where T : class
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            _problems.Add(new(path, null, e.Message));
            return null;
        }
    }

    private string PathOf(ModelSpec spec, string role) => Path.Combine(_directory, spec.Files.Single(f => f.Role == role).Path);

    private void ThrowIfProblems()
    {
        if (_problems.Count > 0)
            throw new ModelException(_directory, [.. _problems]);
    }
}

/// <summary>The parts of a model that is ready to run.</summary>
/// <param name="Spec">What decides its vectors.</param>
/// <param name="Encoder">Texts to ids.</param>
/// <param name="Runner">Ids to outcomes.</param>
/// <param name="Workers">The sessions and their threads.</param>
/// <param name="TokensPerRun">Most tokens of a batch; 1 where texts run one by one.</param>
internal sealed record LoadedModel(
    ModelSpec Spec, TextEncoder Encoder, BatchRunner Runner, SessionWorkers Workers, int TokensPerRun);
