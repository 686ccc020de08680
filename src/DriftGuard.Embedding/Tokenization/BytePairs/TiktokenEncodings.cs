using System.Collections.Concurrent;
using System.IO.Compression;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace DriftGuard.Embedding.Tokenization.BytePairs;

/// <summary>
/// OpenAI's encodings. Their vocabularies come with the data packages of Microsoft.ML.Tokenizers; each is read once in a process.
/// Nothing stands around a text, and text that looks like a special token is text.
/// </summary>
internal static class TiktokenEncodings
{
    private static readonly Dictionary<string, Source> Known = new(StringComparer.Ordinal)
    {
        ["cl100k_base"] = new("Microsoft.ML.Tokenizers.Data.Cl100kBase", WordPatterns.Cl100K),
        ["o200k_base"] = new("Microsoft.ML.Tokenizers.Data.O200kBase", WordPatterns.O200K),
    };

    private static readonly ConcurrentDictionary<string, Lazy<TextTokenizer>> Read = new(StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>The tokenizer of an encoding, one of <see cref="Names"/>.</summary>
    /// <exception cref="InvalidDataException">The data package is not there, or of another form.</exception>
    public static TextTokenizer Get(string name) => Read.GetOrAdd(name, n => new(() => Create(n, Known[n]))).Value;

    private static TextTokenizer Create(string name, Source encoding)
    {
        var ids = ReadVocabulary(name, encoding.Package);
        var model = new BytePairTextModel(new(), encoding.Pattern, putsSpaceBefore: false, new(new RankedMerges(ids)));
        return new(model, new([], model), new([], [], PaddingId: 0, VocabularySize: ids.Values.Max() + 1));
    }

    /// <summary>Reads the package's form: a line of the number of tokens, then the bytes of each in base64, in the order of their ids.</summary>
    private static Dictionary<string, int> ReadVocabulary(string name, string package)
    {
        try
        {
            using var data = Assembly.Load(package).GetManifestResourceStream($"{name}.tiktoken.deflate")
                ?? throw new InvalidDataException($"there is no {name} in it");
            using var reader = new StreamReader(new DeflateStream(data, CompressionMode.Decompress));
            var ids = new Dictionary<string, int>(StringComparer.Ordinal);
            _ = reader.ReadLine();
            while (reader.ReadLine() is { } token)
                ids.Add(Encoding.Latin1.GetString(Convert.FromBase64String(token)), ids.Count);
            return ids;
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or InvalidDataException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"the vocabulary of encoding {name} cannot be read from {package}.dll beside the program: {e.Message} "
                + "Install DriftGuard again.", e);
        }
    }

    private sealed record Source(string Package, Regex Pattern);
}
