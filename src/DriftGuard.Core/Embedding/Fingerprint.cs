using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace DriftGuard.Core.Embedding;

/// <summary>
/// Identity of a model spec: what is stamped into every point that the model's vectors are in.
/// </summary>
public readonly record struct Fingerprint
{
    private readonly string? _id;

    private Fingerprint(string id) => _id = id;

    /// <summary>SHA-256, 64 lower-case hex digits.</summary>
    /// <exception cref="InvalidOperationException">This is <see langword="default"/>, which identifies nothing.</exception>
    public string Id => _id ?? throw new InvalidOperationException("An uninitialised fingerprint identifies no model.");

    /// <summary>The first 8 digits of <see cref="Id"/>, for names of collections.</summary>
    [SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "Short for a short form, not for Int16.")]
    public string Short => Id[..8];

    /// <summary>
    /// The fingerprint of a spec: SHA-256 of the ASCII lines <c>driftguard.fingerprint/1</c>, the spec's digest, and
    /// <c>role sha256</c> of each file in ordinal order, each line ended by LF.
    /// </summary>
    /// <exception cref="ArgumentException">A text of the spec has a lone surrogate.</exception>
    public static Fingerprint Of(ModelSpec spec)
    {
        var lines = new StringBuilder("driftguard.fingerprint/1\n").Append(ModelSpecDigest.Compute(spec)).Append('\n');
        foreach (var file in spec.Files.Select(f => $"{f.Role} {f.Sha256.ToLowerInvariant()}").Order(StringComparer.Ordinal))
            lines.Append(file).Append('\n');
        return new(Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Utf8.GetBytes(lines.ToString()))));
    }

    /// <summary>Reads an <see cref="Id"/>.</summary>
    /// <exception cref="FormatException">It is not 64 lower-case hex digits.</exception>
    public static Fingerprint Parse(string id) => TryParse(id, out var fingerprint)
        ? fingerprint
        : throw new FormatException($"'{id}' is no fingerprint: expected 64 lower-case hex digits.");

    /// <summary>Reads an <see cref="Id"/>, or says that it is none.</summary>
    public static bool TryParse(string? id, out Fingerprint fingerprint)
    {
        var valid = id is { Length: 64 } && id.All(c => char.IsAsciiHexDigitLower(c));
        fingerprint = valid ? new(id!) : default;
        return valid;
    }

    /// <summary><see cref="Id"/>, or nothing for <see langword="default"/>.</summary>
    public override string ToString() => _id ?? "";
}
