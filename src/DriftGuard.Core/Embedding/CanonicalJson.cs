using System.Globalization;
using System.Text;

namespace DriftGuard.Core.Embedding;

/// <summary>
/// Writes objects, texts, integers, booleans and null as RFC 8785 has them. Own code, because a serialiser may change what it
/// escapes from one version to the next, and fingerprints are compared across versions.
/// </summary>
internal static class CanonicalJson
{
    /// <summary>UTF-8 that refuses lone surrogates: replacing them would give different texts the same bytes.</summary>
    public static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void Append(StringBuilder json, object? value)
    {
        switch (value)
        {
            case null:
                json.Append("null");
                break;
            case bool flag:
                json.Append(flag ? "true" : "false");
                break;
            case int number:
                json.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
            case string text:
                AppendText(json, text);
                break;
            case SortedDictionary<string, object?> members:
                AppendObject(json, members);
                break;
            default:
                throw new ArgumentException($"{value.GetType()} has no canonical form here.", nameof(value));
        }
    }

    private static void AppendObject(StringBuilder json, SortedDictionary<string, object?> members)
    {
        json.Append('{');
        var separator = "";
        foreach (var (name, member) in members)
        {
            json.Append(separator);
            AppendText(json, name);
            json.Append(':');
            Append(json, member);
            separator = ",";
        }

        json.Append('}');
    }

    private static void AppendText(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\b' => json.Append("\\b"),
                '\f' => json.Append("\\f"),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                < ' ' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => json.Append(character),
            };
        }

        json.Append('"');
    }
}
