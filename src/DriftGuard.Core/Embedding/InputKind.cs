using Microsoft.Extensions.AI;

namespace DriftGuard.Core.Embedding;

/// <summary>What a text is to the index; many models want another prefix for each.</summary>
public enum InputKind
{
    /// <summary>A text that is stored and found.</summary>
    Document,

    /// <summary>A text that is searched with.</summary>
    Query,
}

/// <summary>Carries <see cref="InputKind"/> through <see cref="IEmbeddingGenerator{TInput,TEmbedding}"/>.</summary>
public static class InputKindOptions
{
    /// <summary>The key in <see cref="EmbeddingGenerationOptions.AdditionalProperties"/>.</summary>
    public const string Key = "driftguard.input_kind";

    /// <summary>Says what the texts are; returns the options it was given.</summary>
    public static EmbeddingGenerationOptions WithInputKind(this EmbeddingGenerationOptions options, InputKind kind)
    {
        (options.AdditionalProperties ??= [])[Key] = kind;
        return options;
    }

    /// <summary>What the texts are: <see cref="InputKind.Document"/> unless said.</summary>
    /// <remarks>The value may also be the kind's name in any case, for callers that have no reference to this assembly.</remarks>
    /// <exception cref="ArgumentException">The property is there and is no input kind.</exception>
    public static InputKind GetInputKind(this EmbeddingGenerationOptions? options)
    {
        if (options?.AdditionalProperties is not { } properties || !properties.TryGetValue(Key, out var value) || value is null)
            return InputKind.Document;
        return value switch
        {
            InputKind kind when Enum.IsDefined(kind) => kind,
            string name when Enum.TryParse<InputKind>(name, ignoreCase: true, out var kind) && Enum.IsDefined(kind) => kind,
            _ => throw new ArgumentException($"{Key} is '{value}': expected 'document' or 'query'.", nameof(options)),
        };
    }
}
