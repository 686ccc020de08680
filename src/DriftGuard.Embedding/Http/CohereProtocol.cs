using System.Text.Json;
using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Http;

/// <summary>Cohere's <c>POST /embed</c>, version 2 of its API. Its answers name no model.</summary>
internal sealed class CohereProtocol(ModelSpec spec, EndpointSettings settings) : IProviderProtocol
{
    private readonly string _type = SpecWord.Of(spec.EmbeddingType);

    public string Path => "/embed";

    public void WriteRequest(Utf8JsonWriter json, IReadOnlyList<string> texts, InputKind kind)
    {
        json.WriteStartObject();
        json.WriteString("model", spec.Model);
        json.WriteStartArray("texts");
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
        json.WriteString("input_type", spec.InputTypeOf(kind));
        json.WriteStartArray("embedding_types");
        json.WriteStringValue(_type);
        json.WriteEndArray();
        json.WriteString("truncate", spec.OverLong == OverLongText.Truncate ? "END" : "NONE");
        if (settings.SendDimensions)
            json.WriteNumber("output_dimension", spec.Dimensions);
        json.WriteEndObject();
    }

    public ProviderAnswer ReadAnswer(JsonElement answer, int texts)
    {
        var embeddings = answer.Member("embeddings", JsonValueKind.Object).Member(_type, JsonValueKind.Array);
        return new(embeddings.VectorsInOrder(texts, $"embeddings.{_type}"));
    }
}
