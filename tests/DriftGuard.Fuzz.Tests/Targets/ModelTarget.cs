using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;

namespace DriftGuard.Fuzz.Tests.Targets;

/// <summary>
/// The folder of a model: its <c>model.yaml</c>, its tokenizer and its graph. It opens and embeds, or says what is wrong. An input is these files,
/// see <see cref="Parts"/>. Their digests are taken as they are found: with those of the spec, all but the spec would be refused by them alone.
/// </summary>
internal static class ModelTarget
{
    private const string Graph = "model.onnx";

    private static readonly string Folder = TemporaryFolder.Of("model");
    private static readonly string[] Known = ["model.yaml", "vocab.txt", "tokenizer.json", Graph];
    private static readonly string[] Texts = ["apple pear", "", "nothing", "Äpfel \U0001F34E und\tBirnen", string.Concat(Enumerable.Repeat("apple ", 400))];

    /// <summary>Where the graph of an input begins, which is the last of its files.</summary>
    public static int? MessageOf(byte[] input) => Parts.BeginOf(input, Graph);

    public static void Run(ReadOnlySpan<byte> input)
    {
        TemporaryFolder.Empty(Folder);
        foreach (var (name, content) in Parts.Of(input, Known))
            File.WriteAllBytes(Path.Join(Folder, name), content);
        try
        {
            using var model = EmbeddingModel.OpenAsFound(Folder, new() { Sessions = 1, ThreadsPerSession = 1, TokensPerRun = 64 });
            if (model.Spec.Provider == ModelSpec.OnnxProvider)
                Embed(model);
        }
        catch (ModelException refused)
        {
            if (refused.Problems.Count == 0 || refused.Problems.Any(problem => string.IsNullOrWhiteSpace(problem.Message)))
                throw new FindingException("refused, and it is not said why", refused);
        }
    }

    private static void Embed(EmbeddingModel model)
    {
        foreach (var kind in Enum.GetValues<InputKind>())
        {
            var outcomes = model.EmbedAsync(Texts, kind).AsTask().GetAwaiter().GetResult();
            if (outcomes.Count != Texts.Length)
                throw new FindingException($"{outcomes.Count} outcomes of {Texts.Length} texts");
            foreach (var outcome in outcomes.Where(outcome => outcome.IsEmbedded ? !IsVector(outcome.Vector!, model.Spec) : string.IsNullOrWhiteSpace(outcome.Failure)))
                throw new FindingException($"an outcome that is none: {outcome.Failure}, {outcome.Vector?.Length} components");
        }
    }

    private static bool IsVector(float[] vector, ModelSpec spec) => vector.Length == spec.Dimensions && vector.All(float.IsFinite) && vector.Any(component => component != 0);
}
