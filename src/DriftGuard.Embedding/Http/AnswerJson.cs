using System.Text.Json;

namespace DriftGuard.Embedding.Http;

/// <summary>Parts of an answer, or what is there in their place.</summary>
internal static class AnswerJson
{
    /// <summary>A member of a kind.</summary>
    /// <exception cref="MalformedAnswerException">There is none.</exception>
    public static JsonElement Member(this JsonElement element, string name, JsonValueKind kind)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new MalformedAnswerException($"expected an object with {name}; found {Word(element.ValueKind)}");
        if (!element.TryGetProperty(name, out var member))
            throw new MalformedAnswerException($"expected {name}; found {Names(element)}");
        return member.ValueKind == kind ? member : throw new MalformedAnswerException($"expected {name} to be {Word(kind)}; found {Word(member.ValueKind)}");
    }

    /// <summary>A text; <see langword="null"/> where there is none.</summary>
    public static string? OptionalText(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
        && member.GetString() is { Length: > 0 } text ? text : null;

    /// <summary>A list of vectors, one a text, in the order of the texts.</summary>
    /// <exception cref="MalformedAnswerException">It is none, or of another length.</exception>
    public static float[][] VectorsInOrder(this JsonElement list, int texts, string name)
    {
        var count = list.GetArrayLength();
        return count == texts
            ? [.. list.EnumerateArray().Select(VectorReader.Read)]
            : throw new MalformedAnswerException($"expected {texts} vectors in {name}, one a text; found {count}");
    }

    private static string Names(JsonElement element) =>
        element.EnumerateObject().Select(m => m.Name).Take(10).ToList() is { Count: > 0 } names ? string.Join(", ", names) : "an empty object";

    private static string Word(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
