using System.Text.Json;
using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Http;

/// <summary>How one kind of provider is asked and how it answers; nothing about how often, and nothing about trust.</summary>
internal interface IProviderProtocol
{
    /// <summary>The path behind the base address.</summary>
    string Path { get; }

    /// <summary>The path of what the provider says of itself; <see langword="null"/> where answers say it.</summary>
    string? InfoPath => null;

    /// <summary>Writes the body of a request.</summary>
    void WriteRequest(Utf8JsonWriter json, IReadOnlyList<string> texts, InputKind kind);

    /// <summary>Reads an answer.</summary>
    /// <param name="answer">The body.</param>
    /// <param name="texts">How many texts were sent.</param>
    /// <exception cref="MalformedAnswerException">It is not what the protocol says.</exception>
    ProviderAnswer ReadAnswer(JsonElement answer, int texts);

    /// <summary>Reads what the provider says of itself.</summary>
    /// <exception cref="MalformedAnswerException">It is not what the protocol says.</exception>
    ProviderInfo ReadInfo(JsonElement answer) => throw new NotSupportedException();

    /// <summary>Whether a status that others give for good passes by itself here.</summary>
    bool IsTransient(int status) => false;
}
