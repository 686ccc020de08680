using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace DriftGuard.Embedding.Tests.Http;

/// <summary>What a well-behaved server answers. Each text has a vector of its own, which nobody could confuse with another's.</summary>
internal static class Answers
{
    public const int Dimensions = 8;

    /// <summary>The vector of a text, as the server sends it: not normalised.</summary>
    public static float[] VectorOf(string text) =>
        [.. SHA256.HashData(Encoding.UTF8.GetBytes(text)).Take(Dimensions).Select(b => (b - 127.25f) / 16)];

    /// <summary>The vector of a text as a model gives it, cut to dimensions and normalised.</summary>
    public static float[] Normalised(string text, int dimensions = Dimensions)
    {
        var vector = VectorOf(text)[..dimensions];
        var length = MathF.Sqrt(vector.Sum(x => x * x));
        return [.. vector.Select(x => x / length)];
    }

    public static string Base64(float[] vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        return Convert.ToBase64String(bytes);
    }

    public static string Numbers(float[] vector) => $"[{string.Join(',', vector.Select(x => x.ToString("R", CultureInfo.InvariantCulture)))}]";

    /// <summary>The usual answer to a request.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="model">The model that is named; the one that was asked for unless said.</param>
    /// <param name="systemFingerprint">Named too, where there is one.</param>
    /// <param name="vector">The JSON of a text's vector, in place of the right one.</param>
    public static string Of(Asked asked, string? model = null, string? systemFingerprint = null, Func<string, string>? vector = null)
    {
        vector ??= text => asked.WantsBase64 ? $"\"{Base64(VectorOf(text))}\"" : Numbers(VectorOf(text));
        var vectors = asked.Texts.Select(vector).ToList();
        if (asked.IsTei)
            return $"[{string.Join(',', vectors)}]";
        if (asked.IsCohere)
        {
            var type = (string?)asked.Body["embedding_types"]![0];
            return $$$"""{"id":"1","embeddings":{"{{{type}}}":[{{{string.Join(',', vectors)}}}]},"texts":[],"meta":{"api_version":{"version":"2"} } }""";
        }

        var data = vectors.Select((v, i) => $$"""{"object":"embedding","index":{{i}},"embedding":{{v}}}""");
        var fingerprint = systemFingerprint is null ? "" : $",\"system_fingerprint\":\"{systemFingerprint}\"";
        return $$$"""{"object":"list","data":[{{{string.Join(',', data)}}}],"model":"{{{model ?? (string?)asked.Body["model"]}}}"{{{fingerprint}}},"usage":{"prompt_tokens":1,"total_tokens":1}}""";
    }
}

/// <summary>A request as the server got it.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its JSON; empty where it had none.</param>
internal sealed record Asked(string Method, string Target, IReadOnlyDictionary<string, string> Headers, JsonNode Body)
{
    public bool IsTei => Body["inputs"] is not null;

    public bool IsCohere => Body["texts"] is not null;

    public bool WantsBase64 => (string?)Body["encoding_format"] == "base64";

    public IReadOnlyList<string> Texts => [.. ((Body["input"] ?? Body["texts"] ?? Body["inputs"])?.AsArray() ?? []).Select(t => (string)t!)];
}
