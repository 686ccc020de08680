using System.Text.Json;
using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Http;

/// <summary>Text Embeddings Inference's own <c>POST /embed</c>. Its answers are vectors alone; <c>GET /info</c> names the model.</summary>
internal sealed class TeiProtocol(ModelSpec spec) : IProviderProtocol
{
    // How it says that the backend failed on a batch.
    private const int FailedDependency = 424;

    public string Path => "/embed";

    public string InfoPath => "/info";

    public void WriteRequest(Utf8JsonWriter json, IReadOnlyList<string> texts, InputKind kind)
    {
        json.WriteStartObject();
        json.WriteStartArray("inputs");
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
        json.WriteBoolean("truncate", spec.OverLong == OverLongText.Truncate);
        json.WriteBoolean("normalize", spec.Normalisation == Normalisation.L2);
        if (spec.InputTypeOf(kind) is { Length: > 0 } prompt)
            json.WriteString("prompt_name", prompt);
        json.WriteEndObject();
    }

    public ProviderAnswer ReadAnswer(JsonElement answer, int texts)
    {
        if (answer.ValueKind != JsonValueKind.Array)
            throw new MalformedAnswerException($"expected a list of vectors; found {answer.ValueKind.ToString().ToLowerInvariant()}");
        return new(answer.VectorsInOrder(texts, "the answer"));
    }

    public ProviderInfo ReadInfo(JsonElement answer) => new(
        // A commit of a model is another model.
        (answer.OptionalText("model_id") ?? throw new MalformedAnswerException("expected model_id; found none"))
            + (answer.OptionalText("model_sha") is { } commit ? "@" + commit : ""),
        "",
        answer.TryGetProperty("max_client_batch_size", out var most) && most.ValueKind == JsonValueKind.Number && most.TryGetInt32(out var texts) && texts > 0 ? texts : null);

    public bool IsTransient(int status) => status == FailedDependency;
}
