using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tokenization.Bert;

namespace DriftGuard.Embedding.Tokenization;

/// <summary>The tokenizer that a spec describes, from the model's files.</summary>
internal static class TokenizerLoader
{
    /// <summary>The tokenizer; <see langword="null"/>, and problems in <paramref name="files"/>, where there can be none.</summary>
    public static ITextTokenizer? Load(ModelFiles files)
    {
        var vocabulary = files.Read(ModelFileRoles.Vocabulary);
        return vocabulary.Length == 0
            ? null
            : files.Try(files.PathOf(ModelFileRoles.Vocabulary), () => BertTextTokenizer.Create(vocabulary, files.Spec.Tokenizer!));
    }
}
