using System.Security.Cryptography;
using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding;

/// <summary>What lies in a model folder right now, whatever was there when the model was opened.</summary>
public static class FileDigests
{
    /// <summary>The files of a spec with the digests of what is in the folder now.</summary>
    /// <param name="modelDirectory">The model's folder.</param>
    /// <param name="spec">Names the files.</param>
    /// <returns>Role and SHA-256 of each file, 64 lower-case hex digits; <see langword="null"/> where there is none, or it cannot be read.</returns>
    public static IReadOnlyDictionary<string, string?> Read(string modelDirectory, ModelSpec spec) =>
        spec.Files.ToDictionary(file => file.Role, file => Of(Path.Combine(modelDirectory, file.Path)), StringComparer.Ordinal);

    /// <summary>SHA-256 of a file, read as a stream: it may be larger than an array can be.</summary>
    internal static byte[] HashOf(string path)
    {
        using var stream = File.OpenRead(path);
        return SHA256.HashData(stream);
    }

    private static string? Of(string path)
    {
        try
        {
            return Convert.ToHexStringLower(HashOf(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
