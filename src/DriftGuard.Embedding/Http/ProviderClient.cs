using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Http;

/// <summary>Asks a provider and believes it only where the answer holds: its model, and a vector of the right length for each text.</summary>
internal sealed class ProviderClient(
    ModelSpec spec, EndpointSettings settings, IProviderProtocol protocol, Exchange exchange, Resilience resilience, IdentityWatch identities)
{
    // As JSON, the longest form of a number that servers write has about 25 characters.
    private const int LargestComponent = 32;
    private const int LargestEnvelope = 1024 * 1024;
    private const int LeastDimensionsExpected = 4096;

    // Texts are data, not markup: escaping letters of most languages would only make requests larger.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Length of the vectors that the provider gives.</summary>
    public int ExpectedDimensions { get; } = settings.SendDimensions ? spec.Dimensions : spec.NativeDimensions ?? spec.Dimensions;

    /// <summary>The vectors of texts, in their order; an empty one for a text that the provider had none for.</summary>
    /// <exception cref="EmbeddingProviderException">There are none.</exception>
    public async Task<float[][]> EmbedAsync(IReadOnlyList<string> texts, int tokens, InputKind kind, CancellationToken cancellation)
    {
        var body = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(body, Plain))
            protocol.WriteRequest(json, texts, kind);
        var address = settings.AddressOf(protocol.Path);
        var answer = await resilience.RunAsync(
            address, tokens,
            token => exchange.SendAsync(protocol.Path, body.WrittenMemory, LargestAnswer(texts.Count), protocol.IsTransient, json => protocol.ReadAnswer(json, texts.Count), token),
            cancellation);
        identities.Observe(address, answer.Model, answer.SystemFingerprint);
        for (var i = 0; i < answer.Vectors.Length; i++)
        {
            if (answer.Vectors[i].Length is var found && found != 0 && found != ExpectedDimensions)
                throw WrongDimensions(address, found);
        }

        return answer.Vectors;
    }

    /// <summary>What the provider says of itself; <see langword="null"/> where only its answers do.</summary>
    /// <exception cref="EmbeddingProviderException">It does not say.</exception>
    public async Task<ProviderInfo?> InfoAsync(CancellationToken cancellation)
    {
        if (protocol.InfoPath is not { } path)
            return null;
        var address = settings.AddressOf(path);
        var info = await resilience.RunAsync(
            address, tokens: 0, token => exchange.SendAsync(path, null, LargestEnvelope, protocol.IsTransient, protocol.ReadInfo, token), cancellation);
        identities.Observe(address, info.Model, info.SystemFingerprint);
        return info;
    }

    private int LargestAnswer(int texts) =>
        (int)Math.Min(Array.MaxLength / 2, LargestEnvelope + ((long)texts * Math.Max(LeastDimensionsExpected, ExpectedDimensions) * LargestComponent));

    private EmbeddingProviderException WrongDimensions(string address, int found) =>
        new(address, $"expected vectors of {ExpectedDimensions} dimensions; found {found}. " + (settings.SendDimensions
            ? $"endpoint.send_dimensions asks for {spec.Dimensions}, which this server does not heed: set it to false and native_dimensions: {found}, or correct dimensions."
            : found > spec.Dimensions
                ? $"To keep the first {spec.Dimensions} of a model that allows it, set native_dimensions: {found}{(spec.Provider == ModelSpec.TeiProvider ? "" : ", or endpoint.send_dimensions: true to have the server shorten them")}; otherwise correct dimensions."
                : "Correct dimensions, or native_dimensions; or it is another model than the spec says."));
}
