using System.Text;

namespace DriftGuard.Fuzz.Tests.Http;

/// <summary>
/// A request as people write it: method and path on a line, a line a header, an empty line, the body. Where it goes and how long its body is are
/// left to who sends it, so that no mutation leaves a server waiting for the rest.
/// </summary>
internal static class HttpText
{
    private static readonly string[] OfTheSender = ["host", "content-length", "transfer-encoding", "connection", "expect", "upgrade"];

    /// <summary>Stands for the header by which a browser says that a page of this server sends a form.</summary>
    private const string OwnOrigin = "Origin: own";

    /// <summary>The request as it goes over the wire, byte for byte but for that.</summary>
    public static byte[] ToWire(ReadOnlySpan<byte> input, string authority)
    {
        var head = new StringBuilder();
        var left = input;
        for (var first = true; left.Length > 0; first = false)
        {
            var end = left.IndexOf((byte)'\n') is >= 0 and var found ? found : left.Length;
            var line = Encoding.Latin1.GetString(left[..end]).TrimEnd('\r');
            left = left[Math.Min(end + 1, left.Length)..];
            if (first)
                head.Append(line).Append(" HTTP/1.1\r\n");
            else if (line.Length == 0)
                break;
            else if (!OfTheSender.Contains(line.Split(':')[0].Trim(), StringComparer.OrdinalIgnoreCase))
                head.Append(line == OwnOrigin ? $"Origin: http://{authority}" : line).Append("\r\n");
        }

        head.Append("Host: ").Append(authority).Append("\r\nConnection: close\r\nContent-Length: ").Append(left.Length).Append("\r\n\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. left];
    }
}
