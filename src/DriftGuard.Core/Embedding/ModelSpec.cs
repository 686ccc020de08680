using System.Diagnostics.CodeAnalysis;

namespace DriftGuard.Core.Embedding;

/// <summary>
/// Everything that decides a vector. Two specs that differ in any field but <see cref="Name"/> are different models to
/// DriftGuard, even where the weights are the same: a wrong prefix moves a vector further than many a new model does.
/// </summary>
/// <remarks>
/// What only decides the speed (number of sessions, batch sizes of graphs whose texts do not influence each other) is not
/// here: it must not change a fingerprint.
/// </remarks>
public sealed record ModelSpec
{
    /// <summary>What people and configuration call this model. A label: renaming a model does not make it another one.</summary>
    public required string Name { get; init; }

    /// <summary>Who computes the vectors, e.g. <see cref="OnnxProvider"/>.</summary>
    public required string Provider { get; init; }

    /// <summary>The provider's or publisher's name of the model, e.g. <c>sentence-transformers/all-MiniLM-L6-v2</c>.</summary>
    public required string Model { get; init; }

    /// <summary>Which revision of <see cref="Model"/>: a tag, commit or export name. Empty if there is only one.</summary>
    public string Revision { get; init; } = "";

    /// <summary>The files the vectors come from. Empty for models behind an API.</summary>
    public IReadOnlyList<ModelFile> Files { get; init; } = [];

    /// <summary>Length of the vectors that leave the model.</summary>
    public required int Dimensions { get; init; }

    /// <summary>
    /// Length of the vectors before truncation to <see cref="Dimensions"/>, for models trained so that a prefix of the vector
    /// is a vector too (Matryoshka, Kusupati et al. 2022); <see langword="null"/> where nothing is cut off.
    /// </summary>
    public int? NativeDimensions { get; init; }

    /// <summary>How the vectors of the tokens become the vector of the text.</summary>
    public Pooling Pooling { get; init; } = Pooling.Mean;

    /// <summary>The output of the graph that is read: token vectors, or with <see cref="Pooling.Output"/> the text's vector.</summary>
    public string Output { get; init; } = DefaultOutput;

    /// <summary>What happens to the length of the vector, after truncation.</summary>
    public Normalisation Normalisation { get; init; } = Normalisation.L2;

    /// <summary>Put before each query, exactly as it is, blanks included.</summary>
    public string QueryPrefix { get; init; } = "";

    /// <summary>Put before each document, exactly as it is, blanks included.</summary>
    public string DocumentPrefix { get; init; } = "";

    /// <summary>The most tokens of a text that the model sees, prefix and special tokens included.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>What happens to a text of more than <see cref="MaxTokens"/>.</summary>
    public OverLongText OverLong { get; init; } = OverLongText.Truncate;

    /// <summary>What happens to a text without tokens.</summary>
    public EmptyText EmptyText { get; init; } = EmptyText.Refuse;

    /// <summary>What a provider is told that a query is, e.g. Cohere's <c>search_query</c>; empty where it is told nothing.</summary>
    public string QueryInputType { get; init; } = "";

    /// <summary>What a provider is told that a document is, e.g. Cohere's <c>search_document</c>; empty where it is told nothing.</summary>
    public string DocumentInputType { get; init; } = "";

    /// <summary>The numbers that a provider is asked for; what is less than float is widened to it unscaled.</summary>
    public EmbeddingType EmbeddingType { get; init; } = EmbeddingType.Float;

    /// <summary>How text becomes tokens; <see langword="null"/> where the provider does that.</summary>
    public TokenizerSpec? Tokenizer { get; init; }

    /// <summary>How vectors of this model are compared.</summary>
    public VectorDistance Distance { get; init; } = VectorDistance.Cosine;

    /// <summary>Whether the vector of a text may depend on the texts it is computed with.</summary>
    public Batching Batching { get; init; } = Batching.Single;

    /// <summary>The provider that runs ONNX graphs in the process.</summary>
    public const string OnnxProvider = "onnx";

    /// <summary>Servers that answer OpenAI's <c>/v1/embeddings</c>.</summary>
    public const string OpenAIProvider = "openai";

    /// <summary>Cohere's embed API, version 2.</summary>
    public const string CohereProvider = "cohere";

    /// <summary>Hugging Face's Text Embeddings Inference, its own <c>/embed</c>.</summary>
    public const string TeiProvider = "tei";

    /// <summary>The output that exported transformer encoders give their token vectors.</summary>
    public const string DefaultOutput = "last_hidden_state";

    /// <summary>The prefix for texts of a kind.</summary>
    public string PrefixOf(InputKind kind) => kind == InputKind.Query ? QueryPrefix : DocumentPrefix;

    /// <summary>What the provider is told that texts of a kind are.</summary>
    public string InputTypeOf(InputKind kind) => kind == InputKind.Query ? QueryInputType : DocumentInputType;
}

/// <summary>A file that vectors come from.</summary>
/// <param name="Role">What it is for, see <see cref="ModelFileRoles"/>.</param>
/// <param name="Path">Where it is, relative to the model's folder. Not part of the identity.</param>
/// <param name="Sha256">SHA-256 of its bytes, 64 lower-case hex digits.</param>
public sealed record ModelFile(string Role, string Path, string Sha256);

/// <summary>What files of a model are for.</summary>
public static class ModelFileRoles
{
    /// <summary>The ONNX graph, with its weights.</summary>
    public const string Graph = "graph";

    /// <summary>WordPiece vocabulary, one token a line, the line number from 0 is the id.</summary>
    public const string Vocabulary = "vocabulary";

    /// <summary>Hugging Face's <c>tokenizer.json</c>, in place of a vocabulary.</summary>
    public const string Tokenizer = "tokenizer";

    /// <summary>Weights outside of the graph's file. The graph names them by path, so the path is part of the role.</summary>
    public static string Weights(string path) => "weights:" + path;

    /// <summary>Whether a role is that of weights outside of the graph's file.</summary>
    public static bool IsWeights(string role) => role.StartsWith("weights:", StringComparison.Ordinal);
}

/// <summary>How text becomes tokens.</summary>
public sealed record TokenizerSpec
{
    /// <summary>BERT's WordPiece (Devlin et al. 2019).</summary>
    public const string WordPiece = "wordpiece";

    /// <summary>SentencePiece with a unigram language model (Kudo 2018), as XLM-R has it.</summary>
    public const string Unigram = "unigram";

    /// <summary>Byte-pair encoding over bytes (Radford et al. 2019), as RoBERTa has it.</summary>
    public const string BytePairs = "bpe";

    /// <summary>OpenAI's encodings, which have names of their own, see <see cref="Encoding"/>.</summary>
    public const string Tiktoken = "tiktoken";

    /// <summary>The algorithm, e.g. <see cref="WordPiece"/>.</summary>
    public string Kind { get; init; } = WordPiece;

    /// <summary>Whether text is lower-cased; <see langword="null"/> where the tokenizer's file or encoding says so.</summary>
    public bool? LowerCase { get; init; } = true;

    /// <summary>Whether accents are taken off, NFD, then non-spacing marks removed; <see langword="null"/> as above.</summary>
    public bool? StripAccents { get; init; } = true;

    /// <summary>The name of a <see cref="Tiktoken"/> encoding, e.g. <c>cl100k_base</c>; empty for other kinds.</summary>
    public string Encoding { get; init; } = "";
}

/// <summary>How the vectors of the tokens become the vector of the text.</summary>
public enum Pooling
{
    /// <summary>Mean over the tokens of the text, special tokens included, padding left out.</summary>
    Mean,

    /// <summary>The vector of the first token.</summary>
    Cls,

    /// <summary>The graph pools: its output is one vector a text.</summary>
    Output,
}

/// <summary>What happens to the length of a vector.</summary>
public enum Normalisation
{
    /// <summary>Scaled to Euclidean length 1.</summary>
    L2,

    /// <summary>Left as the model gives it.</summary>
    None,
}

/// <summary>What happens to a text of too many tokens.</summary>
public enum OverLongText
{
    /// <summary>The tokens beyond the limit are left out, and the outcome says so.</summary>
    Truncate,

    /// <summary>The text has no vector, and the outcome says so.</summary>
    Refuse,

    /// <summary>
    /// The tokens are split into chunks of the limit, each with the prefix; the vector is the mean of the chunks' vectors, weighted by
    /// their tokens, and normalised again.
    /// </summary>
    ChunkMean,
}

/// <summary>What happens to a text that is empty, white space, or nothing that the tokenizer keeps.</summary>
public enum EmptyText
{
    /// <summary>It has no vector, and the outcome says so.</summary>
    Refuse,

    /// <summary>It gets the vector that the model gives to prefix and special tokens alone.</summary>
    Embed,
}

/// <summary>The numbers that a provider is asked for.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "They are types of numbers.")]
public enum EmbeddingType
{
    /// <summary>32-bit floats.</summary>
    Float,

    /// <summary>Signed bytes.</summary>
    Int8,

    /// <summary>Unsigned bytes.</summary>
    UInt8,
}

/// <summary>How vectors are compared; Qdrant's distances.</summary>
public enum VectorDistance
{
    /// <summary>Cosine similarity, more is nearer.</summary>
    Cosine,

    /// <summary>Dot product, more is nearer.</summary>
    Dot,

    /// <summary>Euclidean distance, less is nearer.</summary>
    Euclid,

    /// <summary>Manhattan distance, less is nearer.</summary>
    Manhattan,
}

/// <summary>What follows from how vectors are compared.</summary>
public static class VectorDistances
{
    /// <summary>Whether less is nearer, as it is for distances; for similarities more is.</summary>
    public static bool IsNearerWhenLess(this VectorDistance distance) => distance is VectorDistance.Euclid or VectorDistance.Manhattan;
}

/// <summary>Whether the vector of a text may depend on the texts it is computed with.</summary>
public enum Batching
{
    /// <summary>
    /// A vector never depends on its neighbours. Dynamically quantised graphs scale activations by batch, so they run one text
    /// a time; graphs in which texts do not influence each other still run in batches.
    /// </summary>
    [SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "One, not the 32-bit float.")]
    Single,

    /// <summary>Every graph runs in batches: faster on short texts, and dynamically quantised graphs give noisier vectors.</summary>
    Batched,
}
