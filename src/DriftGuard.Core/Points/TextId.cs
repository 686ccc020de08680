using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DriftGuard.Core.Points;

/// <summary>
/// Maps a text id of a corpus to a UUIDv5 (RFC 9562, 5.5): SHA-1 over the namespace and the text's UTF-8, as it is (no
/// normalisation, no trimming: ids are compared byte by byte).
/// </summary>
public static class TextId
{
    /// <summary>
    /// The namespace of DriftGuard's text ids, fixed for ever: the UUIDv5 of <c>urn:driftguard:point-id</c> in RFC 9562's URL
    /// namespace. Another value would give every document of every corpus another id.
    /// </summary>
    public static readonly Guid Namespace = new("4535abfd-5b3b-5b25-941b-164dbb38d97a");

    /// <summary>The UUIDv5 of a text id.</summary>
    /// <exception cref="ArgumentException">The text is empty or holds a lone surrogate.</exception>
    public static Guid ToUuid(string text)
    {
        if (string.IsNullOrEmpty(text))
            throw new ArgumentException("a point id cannot be empty text: give the document an id", nameof(text));
        var name = StrictUtf8.GetBytes(text, nameof(text));
        var input = new byte[16 + name.Length];
        Namespace.TryWriteBytes(input, bigEndian: true, out _);
        name.CopyTo(input, 16);

        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 9562 defines version 5 by SHA-1; it names here, it protects nothing.
        SHA1.HashData(input, digest);
#pragma warning restore CA5350
        var uuid = BinaryPrimitives.ReadUInt128BigEndian(digest);
        uuid = (uuid & ~((UInt128)0xF << 76)) | ((UInt128)5 << 76);
        uuid = (uuid & ~((UInt128)0b11 << 62)) | ((UInt128)0b10 << 62);
        BinaryPrimitives.WriteUInt128BigEndian(digest, uuid);
        return new Guid(digest[..16], bigEndian: true);
    }
}
