using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DriftGuard.Worker.Notifications;

/// <summary>
/// Signs messages as <see href="https://www.standardwebhooks.com">Standard Webhooks</see> says: HMAC-SHA256 over id, time and body, so that a receiver knows
/// who sent them, and that they are not old ones sent again.
/// </summary>
internal static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimeHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    private const string Encoded = "whsec_";
    private const int ShortestSecret = 16;

    /// <summary>Whether messages can be signed with it.</summary>
    public static bool IsSecret(string secret) => KeyOf(secret) is { Length: >= ShortestSecret };

    /// <summary>The time of a message as it is signed and sent.</summary>
    public static string TimeOf(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>The signature of a message.</summary>
    public static string Of(string secret, string id, string time, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{time}."), .. body];
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(KeyOf(secret) ?? [], signed))}";
    }

    private static byte[]? KeyOf(string secret)
    {
        if (!secret.StartsWith(Encoded, StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetBytes(secret);
        }

        var key = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[Encoded.Length..], key, out var length) ? key[..length] : null;
    }
}
