using System.Text.Json;
using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Tokenization.HuggingFace;

/// <summary>
/// Reads <c>tokenizer.json</c> of Hugging Face's tokenizers. What it says about truncation is not read: the spec's limit decides.
/// What it says that would change ids and cannot be followed is refused.
/// </summary>
internal static class TokenizerFile
{
    private const string WordPieceType = "WordPiece";
    private const string UnigramType = "Unigram";
    private const string BytePairType = "BPE";

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>Makes the tokenizer from the bytes of the file.</summary>
    /// <exception cref="InvalidDataException">The file is malformed, of another kind than the spec says, or has parts that are not supported.</exception>
    public static TextTokenizer Create(byte[] bytes, TokenizerSpec spec)
    {
        using var json = Parse(bytes);
        var root = new JsonPart(json.RootElement, "");
        var model = root.Get("model");
        var type = TypeOf(model);
        var kind = type switch
        {
            WordPieceType => TokenizerSpec.WordPiece,
            UnigramType => TokenizerSpec.Unigram,
            BytePairType => TokenizerSpec.BytePairs,
            _ => throw model.Unsupported(WordPieceType, UnigramType, BytePairType),
        };
        if (kind != spec.Kind)
        {
            throw new InvalidDataException($"model.type is {type}, a tokenizer of kind {kind}: the spec says tokenizer.kind {spec.Kind}. "
                + "State the kind that the file is, or fetch the file of this model.");
        }

        return type switch
        {
            WordPieceType => WordPieceFile.Read(root, model),
            UnigramType => UnigramFile.Read(root, model),
            _ => BytePairFile.Read(root, model),
        };
    }

    private static JsonDocument Parse(byte[] bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes, Options);
        }
        // The latter comes from keys with half of a surrogate pair.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"is not JSON as a tokenizer.json has it: {e.Message} Fetch the file again.", e);
        }
    }

    /// <summary>Older files do not say it; then it shows in what the model has.</summary>
    private static string TypeOf(JsonPart model)
    {
        if (model.Find("type") is { } type)
            return type.Text();
        if (model.Find("merges") is not null)
            return BytePairType;
        return model.Get("vocab").Kind == JsonValueKind.Array ? UnigramType : WordPieceType;
    }
}
