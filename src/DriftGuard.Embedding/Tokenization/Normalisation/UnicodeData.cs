using System.Text;

namespace DriftGuard.Embedding.Tokenization.Normalisation;

/// <summary>Unicode's normalisation forms, from the data of the runtime.</summary>
internal static class UnicodeData
{
    /// <summary>A code point that is no character, at which the runtime throws. It has no part in any form, so it is a border.</summary>
    private const char NoCharacter = '\ufffe';

    /// <exception cref="InvalidDataException">The runtime does not normalise text.</exception>
    public static void ThrowIfMissing()
    {
        // Globalization-invariant mode, which an environment variable can switch on, may return text as it is.
        if ("\u00e9".Normalize(NormalizationForm.FormD).Length != 2)
            throw new InvalidDataException("this runtime does not normalise Unicode; unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT and install ICU.");
    }

    /// <summary>A text without lone surrogates in a form.</summary>
    public static string Normalise(string text, NormalizationForm form) => text.Contains(NoCharacter, StringComparison.Ordinal)
        ? string.Join(NoCharacter, text.Split(NoCharacter).Select(part => part.Normalize(form)))
        : text.Normalize(form);
}
