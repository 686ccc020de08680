using System.Text.RegularExpressions;

namespace DriftGuard.Embedding.Tokenization.BytePairs;

/// <summary>The patterns by which text is split before bytes are merged. Each matches every character.</summary>
internal static partial class WordPatterns
{
    private const string Gpt2Text = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private const string Cl100KText =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string SingleDigitsText =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string O200KText =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        + @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>GPT-2's, which byte-level tokenizers have unless they say another.</summary>
    public static Regex Gpt2 => MakeGpt2();

    /// <summary>That of the encoding cl100k_base.</summary>
    public static Regex Cl100K => MakeCl100K();

    /// <summary>That of the encoding o200k_base.</summary>
    public static Regex O200K => MakeO200K();

    /// <summary>Patterns that tokenizer files may state, by how they state them.</summary>
    public static IReadOnlyDictionary<string, Regex> Stated { get; } = new Dictionary<string, Regex>(StringComparer.Ordinal)
    {
        [Gpt2Text] = MakeGpt2(),
        [Cl100KText] = MakeCl100K(),
        [SingleDigitsText] = MakeSingleDigits(),
        [O200KText] = MakeO200K(),
    };

    // No timeout: none of the patterns looks at a character more than a few times.
    [GeneratedRegex(Gpt2Text, RegexOptions.CultureInvariant, matchTimeoutMilliseconds: -1)]
    private static partial Regex MakeGpt2();

    [GeneratedRegex(Cl100KText, RegexOptions.CultureInvariant, matchTimeoutMilliseconds: -1)]
    private static partial Regex MakeCl100K();

    [GeneratedRegex(SingleDigitsText, RegexOptions.CultureInvariant, matchTimeoutMilliseconds: -1)]
    private static partial Regex MakeSingleDigits();

    [GeneratedRegex(O200KText, RegexOptions.CultureInvariant, matchTimeoutMilliseconds: -1)]
    private static partial Regex MakeO200K();
}
