using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DriftGuard.Worker.Security;

/// <summary>
/// API keys as text: <c>dg_</c>, twelve hex digits that are no secret, <c>_</c>, and 256 random bits in base64url. What is guessed as badly as that
/// needs no slow digest; SHA-256 is enough.
/// </summary>
internal static class KeyText
{
    private const string Prefix = "dg_";
    private const int IdLength = 12, SecretBytes = 32;
    private static readonly int Length = Prefix.Length + IdLength + 1 + Base64Url.GetEncodedLength(SecretBytes);

    /// <summary>Makes the id of a new key.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength / 2));

    /// <summary>Makes a secret for a key.</summary>
    /// <returns>The key as its holder sends it, and the digest by which it is known.</returns>
    public static (string Text, byte[] Digest) NewSecret(string id)
    {
        var text = $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";
        return (text, DigestOf(text));
    }

    /// <summary>Whether something is meant as an API key, be it one or not.</summary>
    public static bool IsMeant(string presented) => presented.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The id in a key; null where it is none.</summary>
    public static string? IdOf(string presented) =>
        presented.Length == Length && IsMeant(presented) && presented[Prefix.Length + IdLength] == '_' ? presented.Substring(Prefix.Length, IdLength) : null;

    /// <summary>SHA-256 of a key.</summary>
    public static byte[] DigestOf(string presented) => SHA256.HashData(Encoding.UTF8.GetBytes(presented));
}
