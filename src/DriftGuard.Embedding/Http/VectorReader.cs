using System.Buffers.Binary;
using System.Text.Json;

namespace DriftGuard.Embedding.Http;

/// <summary>Reads one vector of an answer. What is no number becomes NaN, which is that text's failure; what is no vector is the answer's.</summary>
internal static class VectorReader
{
    /// <exception cref="MalformedAnswerException">It is no vector.</exception>
    public static float[] Read(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => ReadArray(element),
        JsonValueKind.String => ReadBase64(element.GetString()!),
        // As servers write a vector that they could not compute.
        JsonValueKind.Null => [],
        _ => throw new MalformedAnswerException($"expected a vector, as a list of numbers or base64; found {element.ValueKind.ToString().ToLowerInvariant()}"),
    };

    private static float[] ReadArray(JsonElement array)
    {
        if (array.GetArrayLength() == 0)
            throw new MalformedAnswerException("expected a vector; found an empty list");
        var vector = new float[array.GetArrayLength()];
        var i = 0;
        foreach (var component in array.EnumerateArray())
        {
            vector[i++] = component.ValueKind switch
            {
                JsonValueKind.Number => component.GetSingle(),
                JsonValueKind.Null or JsonValueKind.String => float.NaN,
                _ => throw new MalformedAnswerException($"expected a vector of numbers; component {i - 1} is {component.ValueKind.ToString().ToLowerInvariant()}"),
            };
        }

        return vector;
    }

    private static float[] ReadBase64(string text)
    {
        var bytes = new byte[text.Length / 4 * 3 + 3];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
            throw new MalformedAnswerException($"expected a vector in base64; found {text.Length} characters that are none, so it was cut off or damaged");
        if (length == 0)
            throw new MalformedAnswerException("expected a vector in base64; found an empty text");
        if (length % sizeof(float) != 0)
            throw new MalformedAnswerException($"expected 32-bit floats in base64; found {length} bytes, no multiple of 4, so it was cut off or damaged");
        var vector = new float[length / sizeof(float)];
        for (var i = 0; i < vector.Length; i++)
            vector[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        return vector;
    }
}

/// <summary>An answer that is none, although its status says that all is well.</summary>
/// <param name="message">What was expected, what was found.</param>
internal sealed class MalformedAnswerException(string message) : Exception(message);
