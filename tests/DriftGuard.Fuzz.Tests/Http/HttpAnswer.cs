using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DriftGuard.Fuzz.Tests.Http;

/// <summary>What a server answered.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Headers">Its headers, by their names in lower case.</param>
/// <param name="Body">Its body as far as it was read.</param>
internal sealed record HttpAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    private const string Problem = "application/problem+json";

    // Answers of the server itself, before anything of DriftGuard has seen the request: it is no HTTP, or too much of it.
    private static readonly int[] OfTheServer = [400, 405, 411, 413, 414, 431, 505];

    /// <summary>An answer from the wire.</summary>
    /// <exception cref="FindingException">It is none.</exception>
    public static HttpAnswer Parse(byte[] wire)
    {
        var end = wire.AsSpan().IndexOf("\r\n\r\n"u8);
        var lines = end < 0 ? [] : Encoding.Latin1.GetString(wire, 0, end).Split("\r\n");
        if (lines is not [{ Length: > 12 } first, .. var headers] || !int.TryParse(first.AsSpan(9, 3), CultureInfo.InvariantCulture, out var status))
            throw new FindingException($"the connection ended without an answer: {Encoding.Latin1.GetString(wire)}");
        return new(
            status, headers.Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1].Trim(), StringComparer.Ordinal), wire[(end + 4)..]);
    }

    /// <summary>An answer that says what DriftGuard did, or what is wrong with the request, as the API's description promises.</summary>
    /// <param name="isBodiless">Whether the method is one whose answers have no body.</param>
    /// <exception cref="FindingException">It is another.</exception>
    public void ShouldBeForeseen(bool isBodiless)
    {
        if (Status >= 500)
            throw new FindingException($"{Status}: {Text}");
        if (Status < 400 || isBodiless || (OfTheServer.Contains(Status) && Body.Length == 0 && !Headers.ContainsKey("content-type")))
            return;
        if (IsPage && Text.Contains("role=\"alert\"", StringComparison.Ordinal))
            return;
        if (Headers.GetValueOrDefault("content-type")?.StartsWith(Problem, StringComparison.Ordinal) != true)
            throw new FindingException($"{Status} without problem details: {Text}");
        using var problem = JsonDocument.Parse(Body);
        if (problem.RootElement.GetProperty("status").GetInt32() != Status || string.IsNullOrWhiteSpace(problem.RootElement.GetProperty("detail").GetString()))
            throw new FindingException($"{Status}, and it is not said why: {Text}");
    }

    /// <summary>Who looks at pages gets one that says what is wrong.</summary>
    private bool IsPage => Headers.GetValueOrDefault("content-type")?.StartsWith("text/html", StringComparison.Ordinal) == true;

    private string Text => Encoding.UTF8.GetString(Body);
}
