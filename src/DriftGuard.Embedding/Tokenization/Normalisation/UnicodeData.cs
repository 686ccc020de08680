using System.Text;

namespace DriftGuard.Embedding.Tokenization.Normalisation;

/// <summary>The Unicode data of the runtime.</summary>
internal static class UnicodeData
{
    /// <exception cref="InvalidDataException">The runtime does not normalise text.</exception>
    public static void ThrowIfMissing()
    {
        // Globalization-invariant mode, which an environment variable can switch on, may return text as it is.
        if ("\u00e9".Normalize(NormalizationForm.FormD).Length != 2)
            throw new InvalidDataException("this runtime does not normalise Unicode; unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT and install ICU.");
    }
}
