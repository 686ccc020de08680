using System.Text;
using DriftGuard.Embedding.Tokenization.Normalisation;

namespace DriftGuard.Embedding.Tokenization.HuggingFace;

/// <summary>Reads the normaliser of tokenizers other than BERT's: steps one after the other.</summary>
internal static class NormaliserReader
{
    private const string SpaceRuns = " {2,}";

    public static TextNormaliser Read(JsonPart root) => new([.. root.Find("normalizer") is { } normaliser ? Steps(normaliser) : []]);

    private static IEnumerable<ITextNormaliser> Steps(JsonPart step) => step.Type switch
    {
        "Sequence" => step.Get("normalizers").Items().SelectMany(Steps),
        "Precompiled" => Charsmap(step.Get("precompiled_charsmap")),
        "Replace" => [Replacement(step)],
        "Strip" => [new SpaceTrimming(step.Get("strip_left").Boolean(), step.Get("strip_right").Boolean())],
        "NFC" => [Form(NormalizationForm.FormC)],
        "NFD" => [Form(NormalizationForm.FormD)],
        "NFKC" => [Form(NormalizationForm.FormKC)],
        "NFKD" => [Form(NormalizationForm.FormKD)],
        _ => throw step.Unsupported("Precompiled", "Replace", "Strip", "NFC", "NFD", "NFKC", "NFKD", "Sequence"),
    };

    /// <summary>An empty one has no rules.</summary>
    private static ITextNormaliser[] Charsmap(JsonPart charsmap)
    {
        var bytes = Base64(charsmap);
        return bytes.Length == 0 ? [] : [new CharsmapNormaliser(new(bytes))];
    }

    private static byte[] Base64(JsonPart text)
    {
        try
        {
            return Convert.FromBase64String(text.Text());
        }
        catch (FormatException)
        {
            throw text.Wrong("bytes in base64");
        }
    }

    private static ITextNormaliser Replacement(JsonPart step)
    {
        var pattern = step.Get("pattern");
        var content = step.Get("content").Text();
        if (pattern.Find("String") is { } literal)
            return literal.Text().Length > 0 ? new TextReplacement(literal.Text(), content) : throw literal.Wrong("a text that is not empty");
        var expression = pattern.Get("Regex");
        return expression.Text() == SpaceRuns
            ? new SpaceRunReplacement(content)
            : throw expression.Wrong($"\"{SpaceRuns}\", the only regular expression that is supported there; others as String");
    }

    private static UnicodeForm Form(NormalizationForm form)
    {
        UnicodeData.ThrowIfMissing();
        return new(form);
    }
}
