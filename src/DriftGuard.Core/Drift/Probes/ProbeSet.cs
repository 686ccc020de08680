using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using DriftGuard.Core.Embedding;

namespace DriftGuard.Core.Drift.Probes;

/// <summary>A text whose vector is compared with what the model gave for it before.</summary>
/// <param name="Id">Its name, unique in its set.</param>
/// <param name="Category">What it is sensitive to, see <see cref="ProbeCategories"/>.</param>
/// <param name="Kind">As what it is embedded, so that both prefixes are probed.</param>
/// <param name="Text">The text, without prefix.</param>
public sealed record Probe(string Id, string Category, InputKind Kind, string Text);

/// <summary>
/// Fixed texts that show a change of a model. A set never changes: vectors that were stored for it are compared with for as long as its
/// index lives. Better probes are a new version beside the old one.
/// </summary>
/// <remarks>
/// No single measure of change sees everything, so the texts differ in what moves them: a shorter token limit moves only those in
/// <see cref="ProbeCategories.OverLong"/>, kept accents only those that have some.
/// </remarks>
public sealed class ProbeSet
{
    private const int Latest = 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter<InputKind>(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    private static readonly Lazy<ProbeSet>[] Versions = [.. Enumerable.Range(1, Latest).Select(version => new Lazy<ProbeSet>(() => Read(version)))];

    private ProbeSet(int version, string sha256, IReadOnlyList<Probe> probes) => (Version, Sha256, Probes) = (version, sha256, probes);

    /// <summary>The set that new baselines are made with.</summary>
    public static ProbeSet Current => Get(Latest);

    /// <summary>The number of the set, from 1.</summary>
    public int Version { get; }

    /// <summary>SHA-256 of the file that the set is read from, 64 lower-case hex digits.</summary>
    public string Sha256 { get; }

    /// <summary>The probes, in the order that is theirs for ever.</summary>
    public IReadOnlyList<Probe> Probes { get; }

    /// <summary>The set of a version.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none: it was stored by a newer DriftGuard, or is damaged.</exception>
    public static ProbeSet Get(int version) => version is >= 1 and <= Latest
        ? Versions[version - 1].Value
        : throw new ArgumentOutOfRangeException(nameof(version), version, string.Create(
            CultureInfo.InvariantCulture, $"There are probe sets 1 to {Latest} here."));

    private static ProbeSet Read(int version)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"probes/probes-v{version}.jsonl");
        using var stream = typeof(ProbeSet).Assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var file = bytes.ToArray();
        var probes = Encoding.UTF8.GetString(file).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<Probe>(line, Json)!);
        return new(version, Convert.ToHexStringLower(SHA256.HashData(file)), [.. probes]);
    }
}

/// <summary>What probes are sensitive to.</summary>
public static class ProbeCategories
{
    /// <summary>More than 512 WordPiece tokens, about another thing every few sentences: moved by the token limit.</summary>
    public const string OverLong = "long";

    /// <summary>Capitals and accents: moved by whether the tokenizer keeps them.</summary>
    public const string CaseAndAccents = "case-accents";

    /// <summary>Scripts other than Latin: moved by another vocabulary.</summary>
    public const string Script = "script";

    /// <summary>One word in two senses: moved where the context of a word counts otherwise.</summary>
    public const string Polysemy = "polysemy";

    /// <summary>The same words in another order: moved where positions count otherwise.</summary>
    public const string WordOrder = "word-order";

    /// <summary>Source code, queries, logs.</summary>
    public const string Code = "code";

    /// <summary>Everyday sentences, numbers, questions.</summary>
    public const string Everyday = "short";
}
