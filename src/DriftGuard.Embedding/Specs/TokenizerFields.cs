using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tokenization.BytePairs;

namespace DriftGuard.Embedding.Specs;

/// <summary>Reads <c>tokenizer</c> of a spec: how text becomes tokens, as far as the tokenizer's file does not say it.</summary>
internal static class TokenizerFields
{
    private static readonly string[] Kinds = [TokenizerSpec.WordPiece, TokenizerSpec.Unigram, TokenizerSpec.BytePairs, TokenizerSpec.Tiktoken];

    /// <summary>Reads the mapping.</summary>
    /// <param name="fields">The mapping; <see langword="null"/> where there is none.</param>
    /// <param name="files">The model's files, which may have the tokenizer's; <see langword="null"/> where there are none.</param>
    public static TokenizerSpec? Read(YamlFields? fields, YamlFields? files)
    {
        if (fields is null)
            return null;
        var kind = fields.Text("kind");
        var hasFile = files?.Has(ModelFileRoles.Tokenizer) == true;
        if (kind.Length > 0 && !Kinds.Contains(kind, StringComparer.Ordinal))
            fields.Report("kind", $"tokenizer.kind is '{kind}': expected {string.Join(" or ", Kinds)}.");
        var tokenizer = kind switch
        {
            TokenizerSpec.Tiktoken => new() { Kind = kind, LowerCase = null, StripAccents = null, Encoding = ReadEncoding(fields) },
            TokenizerSpec.Unigram or TokenizerSpec.BytePairs => new() { Kind = kind, LowerCase = null, StripAccents = null },
            _ when hasFile => new() { Kind = kind, LowerCase = null, StripAccents = null },
            _ => ReadWordPiece(kind, fields),
        };
        RefuseWhatIsKnown(tokenizer, fields, files);
        fields.RefuseUnknownKeys();
        return tokenizer;
    }

    /// <summary>The role of the file that the tokenizer is read from; <see langword="null"/> where it needs none.</summary>
    public static string? FileRole(TokenizerSpec? tokenizer, YamlFields files)
    {
        if (tokenizer?.Kind == TokenizerSpec.Tiktoken)
            return null;
        var isDescribed = tokenizer?.Kind is TokenizerSpec.Unigram or TokenizerSpec.BytePairs;
        return isDescribed || files.Has(ModelFileRoles.Tokenizer) ? ModelFileRoles.Tokenizer : ModelFileRoles.Vocabulary;
    }

    private static TokenizerSpec ReadWordPiece(string kind, YamlFields fields)
    {
        var lowerCase = fields.Boolean("lower_case", fallback: true);
        return new()
        {
            Kind = kind,
            LowerCase = lowerCase,
            // BERT's own rule: accents go with capitals unless the model says otherwise.
            StripAccents = fields.Boolean("strip_accents", fallback: lowerCase),
        };
    }

    private static string ReadEncoding(YamlFields fields)
    {
        var encoding = fields.Text("encoding");
        if (encoding.Length > 0 && !TiktokenEncodings.Names.Contains(encoding, StringComparer.Ordinal))
            fields.Report("encoding", $"tokenizer.encoding is '{encoding}': expected {string.Join(" or ", TiktokenEncodings.Names)}.");
        return encoding;
    }

    /// <summary>A second statement could only contradict the first.</summary>
    private static void RefuseWhatIsKnown(TokenizerSpec tokenizer, YamlFields fields, YamlFields? files)
    {
        if (tokenizer.LowerCase is not null)
            return;
        var isEncoding = tokenizer.Kind == TokenizerSpec.Tiktoken;
        foreach (var key in new[] { "lower_case", "strip_accents" })
            fields.Refuse(key, $"tokenizer.{key} is stated, and {(isEncoding ? "the encoding" : "files.tokenizer")} says it: take it out.");
        if (isEncoding)
            files?.Refuse(ModelFileRoles.Tokenizer, $"files.tokenizer is stated, and tokenizer.kind is '{tokenizer.Kind}', which needs no file: take it out, or state its kind.");
        files?.Refuse(ModelFileRoles.Vocabulary, $"files.vocabulary is stated, and the tokens come from {(isEncoding ? "the encoding" : "files.tokenizer")}: take it out.");
    }
}
