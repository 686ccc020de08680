using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tokenization.AddedTokens;

namespace DriftGuard.Embedding.Tokenization.Bert;

/// <summary>BERT's tokenizer from the vocabulary alone: what else there is to know is in the spec or the same for all.</summary>
internal static class BertTextTokenizer
{
    /// <summary>Makes the tokenizer from the bytes of a vocabulary.</summary>
    /// <exception cref="InvalidDataException">The vocabulary lacks what BERT needs, or the runtime lacks Unicode data.</exception>
    public static TextTokenizer Create(byte[] vocabulary, TokenizerSpec spec)
    {
        var special = Vocabulary.Read(vocabulary);
        var lowerCase = spec.LowerCase ?? true;
        var settings = new BertSettings { LowerCase = lowerCase, StripAccents = spec.StripAccents ?? lowerCase };
        var model = BertTextModel.Create(vocabulary, special.Special[Vocabulary.Unknown], settings);
        var frame = new TokenFrame(
            [special.Special[Vocabulary.Classification]], [special.Special[Vocabulary.Separator]],
            special.Special.GetValueOrDefault(Vocabulary.Padding), special.Size);
        return new(model, new([.. special.Special.Select(t => new AddedToken(t.Key, t.Value))], model), frame);
    }
}
