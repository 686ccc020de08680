using System.Runtime.InteropServices;
using System.Text.Json;

namespace DriftGuard.Embedding.Tokenization.HuggingFace;

/// <summary>A value of a JSON file and its place in it, so that what is wrong is said with its place.</summary>
/// <param name="Value">The value.</param>
/// <param name="Place">E.g. <c>normalizer.normalizers[1]</c>; empty for the whole file.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JsonPart(JsonElement Value, string Place)
{
    private const int LongestQuote = 60;

    public JsonValueKind Kind => Value.ValueKind;

    /// <summary>What a component says it is.</summary>
    public string Type => Get("type").Text();

    /// <summary>The member of a key; <see langword="null"/> where there is none or it is null.</summary>
    public JsonPart? Find(string key)
    {
        if (Kind != JsonValueKind.Object)
            throw Wrong("an object of keys and values");
        return Value.TryGetProperty(key, out var member) && member.ValueKind != JsonValueKind.Null ? new(member, PlaceOf(key)) : null;
    }

    /// <summary>The member of a key, which has to be there.</summary>
    public JsonPart Get(string key) => Find(key) ?? throw new InvalidDataException($"{PlaceOf(key)} is missing. Is it the tokenizer.json of a model, whole?");

    public string Text()
    {
        if (Kind != JsonValueKind.String)
            throw Wrong("a text");
        try
        {
            return Value.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException($"{Place} has half of a surrogate pair or broken UTF-8: expected a text of whole characters.", e);
        }
    }

    public bool Boolean() => Kind is JsonValueKind.True or JsonValueKind.False ? Value.GetBoolean() : throw Wrong("true or false");

    public bool Boolean(string key, bool fallback) => Find(key)?.Boolean() ?? fallback;

    /// <summary>A whole number that is an id, a length or the like.</summary>
    public int Integer() => Kind == JsonValueKind.Number && Value.TryGetInt32(out var number) && number >= 0 ? number : throw Wrong("a whole number of 0 or more");

    public double Number() => Kind == JsonValueKind.Number && Value.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw Wrong("a finite number");

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<JsonPart> Items()
    {
        if (Kind != JsonValueKind.Array)
            throw Wrong("a list");
        var place = Place;
        return [.. Value.EnumerateArray().Select((item, i) => new JsonPart(item, $"{place}[{i}]"))];
    }

    /// <summary>The keys and values of an object.</summary>
    public IReadOnlyList<(string Key, JsonPart Value)> Members()
    {
        if (Kind != JsonValueKind.Object)
            throw Wrong("an object of keys and values");
        try
        {
            var place = Place;
            return [.. Value.EnumerateObject().Select(member => (member.Name, new JsonPart(member.Value, $"{place}.{member.Name}")))];
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException($"{Place} has a key with half of a surrogate pair: expected whole characters.", e);
        }
    }

    /// <summary>That the value is not what it has to be.</summary>
    public InvalidDataException Wrong(string expected)
    {
        var found = Value.GetRawText();
        return new($"{(Place.Length > 0 ? Place : "the file")} is {(found.Length > LongestQuote ? found[..LongestQuote] + "…" : found)}: expected {expected}.");
    }

    /// <summary>That a component is of a type that cannot be had.</summary>
    public InvalidDataException Unsupported(params ReadOnlySpan<string> supported) =>
        new($"{PlaceOf("type")} is {Type}: supported there are {string.Join(", ", supported!)}. "
            + "Vectors would not be the model's without it; use a model whose tokenizer is made of these.");

    private string PlaceOf(string key) => Place.Length > 0 ? $"{Place}.{key}" : key;
}
