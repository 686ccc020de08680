using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace DriftGuard.Core.Rollouts;

/// <summary>Names of physical collections and of indexes.</summary>
public static partial class CollectionName
{
    /// <summary>
    /// A new name, <c>{index}-{fingerprint, 8 hex}-{random, 12 hex}</c>. It carries 48 random bits and is never used twice:
    /// a deleted name is what fences a late writer.
    /// </summary>
    public static string New(string index, string fingerprint) =>
        $"{index}-{fingerprint[..8]}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";

    /// <summary>Why a text cannot name an index, or null if it can: 1 to 100 of a-z, A-Z, 0-9, '_' and '-', beginning with a letter or digit.</summary>
    public static string? WhyNotAnIndex(string name) => IndexPattern().IsMatch(name)
        ? null
        : $"'{name}' cannot name an index: use 1 to 100 letters, digits, '_' or '-', beginning with a letter or a digit";

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex IndexPattern();
}
