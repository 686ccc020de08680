using System.Security.Cryptography;
using System.Text;

namespace DriftGuard.Core.Embedding;

/// <summary>
/// The digest of a <see cref="ModelSpec"/>, without its files: SHA-256 of its canonical bytes.
/// </summary>
/// <remarks>
/// Canonical bytes, version 1: UTF-8 JSON as RFC 8785 (JCS) has it, of one object with the members below, sorted by name, no
/// white space, every member present. Enumerations are lower-case words, numbers decimal integers. <c>batching</c>,
/// <c>dimensions</c>, <c>distance</c>, <c>document_prefix</c>, <c>max_tokens</c>, <c>model</c>, <c>native_dimensions</c> (equal to
/// <c>dimensions</c> where nothing is cut off), <c>normalisation</c>, <c>output</c>, <c>over_long</c>, <c>pooling</c>,
/// <c>provider</c>, <c>query_prefix</c>, <c>revision</c>, <c>schema</c> (<c>driftguard.model-spec/1</c>), <c>tokenizer</c>
/// (<see langword="null"/>, or an object of <c>kind</c>, <c>lower_case</c>, <c>strip_accents</c>). The name is a label and is not
/// in it. Defaults are written out, so that a spec that states one and a spec that leaves it out are the same.
/// <para>
/// Members that came later are there only where they are not at their default, so that no older fingerprint changes:
/// <c>document_input_type</c>, <c>embedding_type</c>, <c>empty_text</c>, <c>query_input_type</c>. A tokenizer that is described by its
/// own file or encoding has no <c>lower_case</c> and <c>strip_accents</c>; <c>encoding</c> is there where it has a name.
/// </para>
/// </remarks>
public static class ModelSpecDigest
{
    /// <summary>SHA-256 of the canonical bytes, 64 lower-case hex digits.</summary>
    /// <exception cref="ArgumentException">A text of the spec has a lone surrogate.</exception>
    public static string Compute(ModelSpec spec) => Convert.ToHexStringLower(SHA256.HashData(CanonicalBytes(spec)));

    /// <summary>The bytes that are digested.</summary>
    /// <exception cref="ArgumentException">A text of the spec has a lone surrogate.</exception>
    public static byte[] CanonicalBytes(ModelSpec spec)
    {
        var members = new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["schema"] = "driftguard.model-spec/1",
            ["provider"] = spec.Provider,
            ["model"] = spec.Model,
            ["revision"] = spec.Revision,
            ["dimensions"] = spec.Dimensions,
            ["native_dimensions"] = spec.NativeDimensions ?? spec.Dimensions,
            ["pooling"] = Word(spec.Pooling),
            ["output"] = spec.Output,
            ["normalisation"] = Word(spec.Normalisation),
            ["query_prefix"] = spec.QueryPrefix,
            ["document_prefix"] = spec.DocumentPrefix,
            ["max_tokens"] = spec.MaxTokens,
            ["over_long"] = Word(spec.OverLong),
            ["tokenizer"] = spec.Tokenizer is null ? null : TokenizerOf(spec.Tokenizer),
            ["distance"] = Word(spec.Distance),
            ["batching"] = Word(spec.Batching),
        };
        AddUnlessDefault(members, "empty_text", Word(spec.EmptyText), Word(EmptyText.Refuse));
        AddUnlessDefault(members, "embedding_type", Word(spec.EmbeddingType), Word(EmbeddingType.Float));
        AddUnlessDefault(members, "query_input_type", spec.QueryInputType, "");
        AddUnlessDefault(members, "document_input_type", spec.DocumentInputType, "");
        var json = new StringBuilder();
        CanonicalJson.Append(json, members);
        return CanonicalJson.Utf8.GetBytes(json.ToString());
    }

    private static SortedDictionary<string, object?> TokenizerOf(TokenizerSpec tokenizer)
    {
        var members = new SortedDictionary<string, object?>(StringComparer.Ordinal) { ["kind"] = tokenizer.Kind };
        AddUnlessDefault(members, "lower_case", tokenizer.LowerCase, null);
        AddUnlessDefault(members, "strip_accents", tokenizer.StripAccents, null);
        AddUnlessDefault(members, "encoding", tokenizer.Encoding, "");
        return members;
    }

    private static void AddUnlessDefault(SortedDictionary<string, object?> members, string name, object? value, object? fallback)
    {
        if (!Equals(value, fallback))
            members[name] = value;
    }

    private static string Word<T>(T value) where T : struct, Enum => SpecWord.Of(value);
}
