using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DriftGuard.Core.Calibration;

/// <summary>Writes the lines of a set's files, as the parser reads them; without line breaks.</summary>
public static class CalibrationLines
{
    /// <summary>The header of <c>qrels.tsv</c>.</summary>
    public const string JudgementHeader = "query-id\tcorpus-id\tscore";

    // The files are read by people and by programs, never put into a page.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A line of <c>queries.jsonl</c>.</summary>
    public static string Query(string id, string text, IReadOnlyDictionary<string, string> fields) => Object(id, text, json =>
    {
        foreach (var (name, value) in fields)
            json.WriteString(name, value);
    });

    /// <summary>A line of <c>corpus.jsonl</c>.</summary>
    public static string Document(CalibrationDocument document) => Object(document.Id, document.Text, json =>
    {
        foreach (var (name, value) in document.Payload)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
    });

    /// <summary>A line of <c>qrels.tsv</c>.</summary>
    public static string Judgement(string queryId, string documentId, int grade) =>
        string.Create(CultureInfo.InvariantCulture, $"{queryId}\t{documentId}\t{grade}");

    /// <summary>Whether a text can be an id: something, and no tab or line break, which end a cell of <c>qrels.tsv</c>.</summary>
    public static bool IsId(string text) => !string.IsNullOrWhiteSpace(text) && text.AsSpan().IndexOfAny('\t', '\n', '\r') < 0;

    private static string Object(string id, string text, Action<Utf8JsonWriter> others)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("text", text);
            others(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
