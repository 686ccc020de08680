using System.Globalization;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Payloads;

/// <summary>
/// Where in a payload: <c>key.inner</c>, <c>list[]</c> (every element), <c>list[2]</c>, <c>"any text"</c> for keys with other characters.
/// The grammar is Qdrant's.
/// </summary>
internal sealed record JsonPath(string FirstKey, IReadOnlyList<JsonPath.Step> Rest)
{
    private string Text { get; init; } = FirstKey;

    /// <summary>One step below the first key: exactly one of a key, an index, or every element.</summary>
    internal readonly record struct Step(string? Key, int? Index)
    {
        public bool Everything => Key is null && Index is null;
    }

    public static JsonPath Parse(string text)
    {
        var at = 0;
        var first = TakeKey(text, ref at) ?? throw Malformed(text);
        var rest = new List<Step>();
        while (at < text.Length)
        {
            if (text[at] == '.')
            {
                at++;
                rest.Add(new Step(TakeKey(text, ref at) ?? throw Malformed(text), Index: null));
            }
            else
            {
                rest.Add(TakeIndex(text, ref at) ?? throw Malformed(text));
            }
        }

        return new JsonPath(first, rest) { Text = text };
    }

    /// <summary>The same path, meaning each element where it ends in a list.</summary>
    public JsonPath Elements() => Rest is [.., { Everything: true }] ? this : this with { Rest = [.. Rest, default(Step)] };

    /// <summary>Adds what the steps below the first key lead to, starting at that key's value.</summary>
    public void Collect(Value value, List<Value> found) => Collect(value, 0, found);

    public override string ToString() => Text;

    private void Collect(Value value, int depth, List<Value> found)
    {
        if (depth == Rest.Count)
        {
            found.Add(value);
            return;
        }

        var step = Rest[depth];
        if (step.Key is { } key)
        {
            if (value.KindCase == Value.KindOneofCase.StructValue && value.StructValue.Fields.TryGetValue(key, out var inner))
                Collect(inner, depth + 1, found);
        }
        else if (value.KindCase == Value.KindOneofCase.ListValue)
        {
            var elements = value.ListValue.Values;
            if (step.Everything)
                foreach (var element in elements) Collect(element, depth + 1, found);
            else if (step.Index < elements.Count)
                Collect(elements[step.Index.Value], depth + 1, found);
        }
    }

    private static string? TakeKey(string text, ref int at)
    {
        var start = at;
        if (at < text.Length && text[at] == '"')
        {
            var end = text.IndexOf('"', at + 1);
            if (end < 0 || text.AsSpan(start, end - start).Contains('\\')) return null;
            at = end + 1;
            return text[(start + 1)..end];
        }

        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || char.IsSurrogate(text[at]) || text[at] is '_' or '-')) at++;
        return at > start ? text[start..at] : null;
    }

    private static Step? TakeIndex(string text, ref int at)
    {
        var end = text.IndexOf(']', at);
        if (text[at] != '[' || end < 0) return null;
        var inside = text.AsSpan(at + 1, end - at - 1);
        at = end + 1;
        if (inside.IsEmpty) return default(Step);
        return int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? new Step(Key: null, index) : null;
    }

    private static Grpc.Core.RpcException Malformed(string text) => Refusal.Invalid($"Invalid json path: '{text}'");
}
