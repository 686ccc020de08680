using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace DriftGuard.Core.Points;

/// <summary>
/// The content hash: SHA-256 (FIPS 180-4) of the text that was embedded, after CRLF to LF and NFC (UAX #15), as UTF-8.
/// Nothing is trimmed or folded, a lone CR stays, U+FEFF is text.
/// </summary>
public static class ContentHash
{
    // One character that only Unicode data can compose. In globalization-invariant mode .NET may return text as it was and
    // report no error: hashes would then differ between machines, and every document would look changed.
    private static readonly bool NfcWorks = Composes(static text => text.Normalize(NormalizationForm.FormC));

    /// <summary>The content hash of a text: 64 lower-case hexadecimal digits.</summary>
    /// <exception cref="ArgumentException">The text holds a lone surrogate.</exception>
    /// <exception cref="PlatformNotSupportedException">The runtime has no Unicode data to normalise with.</exception>
    public static string Of(string text)
    {
        RequireNfc(NfcWorks);
        StrictUtf8.Require(text, nameof(text));
        if (text.Contains('\r'))
            text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        if (!Ascii.IsValid(text))
            text = text.Normalize(NormalizationForm.FormC);

        var bytes = ArrayPool<byte>.Shared.Rent(StrictUtf8.Encoding.GetMaxByteCount(text.Length));
        try
        {
            var length = StrictUtf8.Encoding.GetBytes(text, bytes);
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(bytes.AsSpan(0, length), digest);
            return Convert.ToHexStringLower(digest);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    internal static bool Composes(Func<string, string> normalise) =>
        string.Equals(normalise("e\u0301"), "\u00e9", StringComparison.Ordinal);

    internal static void RequireNfc(bool works)
    {
        if (!works)
        {
            throw new PlatformNotSupportedException(
                "this runtime does not normalise text to NFC, so content hashes would differ from other machines': globalization-invariant "
                + "mode is on or ICU is missing. Unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT (and InvariantGlobalization) and install ICU (libicu)");
        }
    }
}
