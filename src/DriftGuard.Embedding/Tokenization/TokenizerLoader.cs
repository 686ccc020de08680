using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tokenization.Bert;
using DriftGuard.Embedding.Tokenization.BytePairs;
using DriftGuard.Embedding.Tokenization.HuggingFace;

namespace DriftGuard.Embedding.Tokenization;

/// <summary>The tokenizer that a spec describes, from the model's files.</summary>
internal static class TokenizerLoader
{
    /// <summary>The tokenizer; <see langword="null"/>, and problems in <paramref name="files"/>, where there can be none.</summary>
    public static ITextTokenizer? Load(ModelFiles files)
    {
        var spec = files.Spec.Tokenizer!;
        if (spec.Kind == TokenizerSpec.Tiktoken)
            return files.Try(files.SpecPath, () => TiktokenEncodings.Get(spec.Encoding));
        return files.Has(ModelFileRoles.Tokenizer)
            ? Load(files, ModelFileRoles.Tokenizer, TokenizerFile.Create)
            : Load(files, ModelFileRoles.Vocabulary, BertTextTokenizer.Create);
    }

    private static TextTokenizer? Load(ModelFiles files, string role, Func<byte[], TokenizerSpec, TextTokenizer> create)
    {
        var bytes = files.Read(role);
        return bytes.Length == 0 && files.HasProblems ? null : files.Try(files.PathOf(role), () => create(bytes, files.Spec.Tokenizer!));
    }
}
