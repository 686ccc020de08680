using System.Globalization;
using System.Security.Cryptography;

namespace DriftGuard.Core.Rollouts;

/// <summary>
/// The second alias of an index, <c>{index}.e{epoch}.{nonce}</c>. Renaming it is the compare-and-set of a cutover:
/// the rename of a missing alias fails and nothing after it runs, so of several contenders one wins.
/// </summary>
/// <param name="Index">Name of the index.</param>
/// <param name="Epoch">Counts up with each switch, from 1.</param>
/// <param name="Nonce">Random text, so that two requests are never byte-identical; <see cref="AbortNonce"/> settles a switch.</param>
public sealed record EpochToken(string Index, long Epoch, string Nonce)
{
    /// <summary>The nonce of a token that was renamed to make an unsettled switch impossible.</summary>
    public const string AbortNonce = "abort";

    /// <summary>The alias' name in Qdrant.</summary>
    public string AliasName => string.Create(CultureInfo.InvariantCulture, $"{Index}.e{Epoch}.{Nonce}");

    /// <summary>The first token of a new index.</summary>
    public static EpochToken First(string index) => new(index, 1, NewNonce());

    /// <summary>The token that a switch from this one moves to.</summary>
    public EpochToken Next() => new(Index, Epoch + 1, NewNonce());

    /// <summary>The token that this one is renamed to when a switch away from it must never apply.</summary>
    public EpochToken Abort() => new(Index, Epoch + 1, AbortNonce);

    /// <summary>Reads a token from an alias' name; null if it is not a token of this index.</summary>
    public static EpochToken? Parse(string index, string aliasName)
    {
        if (!aliasName.StartsWith(index + ".e", StringComparison.Ordinal))
        {
            return null;
        }

        var rest = aliasName.AsSpan(index.Length + 2);
        var dot = rest.IndexOf('.');
        if (dot <= 0 || dot == rest.Length - 1
            || !long.TryParse(rest[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch))
        {
            return null;
        }

        var nonce = rest[(dot + 1)..];
        return nonce.Contains('.') ? null : new EpochToken(index, epoch, nonce.ToString());
    }

    /// <inheritdoc/>
    public override string ToString() => AliasName;

    private static string NewNonce() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}
