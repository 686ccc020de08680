using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DriftGuard.Embedding.Pinning.Hub;

/// <summary>The name of a file's bytes.</summary>
/// <param name="Algorithm">How it was made.</param>
/// <param name="Hex">Lower-case hex digits.</param>
internal sealed record BlobDigest(BlobAlgorithm Algorithm, string Hex)
{
    /// <summary>
    /// Reads an entity tag as hubs give it: the SHA-256 of a file in large file storage, the id of git's blob of any other.
    /// </summary>
    /// <returns>The digest; null for a tag of another kind.</returns>
    public static BlobDigest? OfTag(string? tag)
    {
        var text = tag?.StartsWith("W/", StringComparison.Ordinal) == true ? tag[2..] : tag;
        text = text?.Trim('"').ToLowerInvariant();
        if (text is null || !text.All(char.IsAsciiHexDigit))
            return null;
        return text.Length switch
        {
            64 => new(BlobAlgorithm.Sha256, text),
            40 => new(BlobAlgorithm.Git, text),
            _ => null,
        };
    }

    public override string ToString() => Algorithm is BlobAlgorithm.Sha256 ? $"SHA-256 {Hex}" : $"git blob {Hex}";
}

/// <summary>How a file's bytes get their name.</summary>
internal enum BlobAlgorithm
{
    /// <summary>SHA-256 of the bytes.</summary>
    Sha256,

    /// <summary>SHA-1 of <c>blob {length}\0</c> and the bytes, as git names them.</summary>
    Git,
}

/// <summary>Both names of one file's bytes.</summary>
/// <param name="Sha256">64 lower-case hex digits.</param>
/// <param name="Git">40 lower-case hex digits.</param>
/// <param name="Bytes">How many bytes there are.</param>
internal sealed record BlobNames(string Sha256, string Git, long Bytes)
{
    /// <summary>Reads a file once and names it.</summary>
    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "Git's name of a file. What is pinned is the SHA-256.")]
    public static async Task<BlobNames> OfFileAsync(string path, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var git = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        git.AppendData(Encoding.ASCII.GetBytes($"blob {file.Length.ToString(CultureInfo.InvariantCulture)}\0"));
        var buffer = new byte[1 << 18];
        long bytes = 0;
        for (int read; (read = await file.ReadAsync(buffer, cancellation)) > 0; bytes += read)
        {
            sha256.AppendData(buffer, 0, read);
            git.AppendData(buffer, 0, read);
        }

        return new(Convert.ToHexStringLower(sha256.GetHashAndReset()), Convert.ToHexStringLower(git.GetHashAndReset()), bytes);
    }

    public bool Match(BlobDigest digest) => Of(digest.Algorithm) == digest.Hex;

    public BlobDigest Named(BlobAlgorithm algorithm) => new(algorithm, Of(algorithm));

    private string Of(BlobAlgorithm algorithm) => algorithm is BlobAlgorithm.Sha256 ? Sha256 : Git;
}
