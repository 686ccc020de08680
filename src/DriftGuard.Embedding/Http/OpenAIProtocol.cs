using System.Text.Json;
using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Http;

/// <summary>OpenAI's <c>POST /embeddings</c>, which Azure OpenAI, vLLM, Text Embeddings Inference, Ollama, llama.cpp and LiteLLM answer too.</summary>
internal sealed class OpenAIProtocol(ModelSpec spec, EndpointSettings settings) : IProviderProtocol
{
    public string Path => "/embeddings";

    public void WriteRequest(Utf8JsonWriter json, IReadOnlyList<string> texts, InputKind kind)
    {
        json.WriteStartObject();
        json.WriteString("model", spec.Model);
        json.WriteStartArray("input");
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
        json.WriteString("encoding_format", SpecWord.Of(settings.Encoding));
        if (settings.SendDimensions)
            json.WriteNumber("dimensions", spec.Dimensions);
        if (settings.User.Length > 0)
            json.WriteString("user", settings.User);
        json.WriteEndObject();
    }

    public ProviderAnswer ReadAnswer(JsonElement answer, int texts)
    {
        var data = answer.Member("data", JsonValueKind.Array);
        var count = data.GetArrayLength();
        if (count != texts)
            throw new MalformedAnswerException($"expected data of {texts} vectors, one a text; found {count}");
        var vectors = new float[texts][];
        var position = 0;
        foreach (var item in data.EnumerateArray())
        {
            var index = IndexOf(item, position++, texts);
            if (vectors[index] is not null)
                throw new MalformedAnswerException($"expected each index once; index {index} is there twice");
            vectors[index] = item.TryGetProperty("embedding", out var embedding)
                ? VectorReader.Read(embedding)
                : throw new MalformedAnswerException($"expected an embedding in data[{position - 1}]; found none");
        }

        return new(vectors, answer.OptionalText("model"), answer.OptionalText("system_fingerprint") ?? "");
    }

    /// <summary>The text that a vector is of. Its place among the others is no evidence of that.</summary>
    private static int IndexOf(JsonElement item, int position, int texts)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("index", out var element))
            throw new MalformedAnswerException($"expected an index in data[{position}]; found none, so nothing says which text its vector is of");
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var index) && index >= 0 && index < texts
            ? index
            : throw new MalformedAnswerException($"expected an index from 0 to {texts - 1} in data[{position}]; found {element.GetRawText()}");
    }
}
