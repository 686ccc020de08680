using DriftGuard.Embedding.Tokenization.AddedTokens;

namespace DriftGuard.Embedding.Tokenization.HuggingFace;

/// <summary>
/// All tokens of a file and their ids: those of the model, and those that were added, in the text or behind the model's. The reference
/// numbers added tokens itself, so a file whose numbers have holes means other ids there than it states.
/// </summary>
internal sealed class TokenNames
{
    private readonly Dictionary<string, int> _ids;

    private TokenNames(Dictionary<string, int> ids, IReadOnlyList<AddedToken> added)
    {
        _ids = ids;
        Added = added;
    }

    public IReadOnlyList<AddedToken> Added { get; }

    /// <summary>Number of tokens; ids are below it.</summary>
    public int Count => _ids.Count;

    /// <summary>The id of a token; <see langword="null"/> where there is none.</summary>
    public int? Find(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    /// <summary>Reads the added tokens of a file after the model's, which are in the order of their ids.</summary>
    public static TokenNames Read(JsonPart root, IReadOnlyList<string> model)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < model.Count; id++)
        {
            if (!ids.TryAdd(model[id], id))
                throw new InvalidDataException($"model.vocab has '{model[id]}' twice, as {ids[model[id]]} and {id}: expected distinct tokens. Fetch the file again.");
        }

        var added = new List<AddedToken>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in root.Find("added_tokens")?.Items() ?? [])
        {
            var token = ReadToken(part);
            if (!seen.Add(token.Content))
                throw part.Get("content").Wrong("each token once");
            var expected = ids.GetValueOrDefault(token.Content, ids.Count);
            if (token.Id != expected)
                throw part.Get("id").Wrong($"{expected}, the id of '{token.Content}' in model.vocab or the next one behind it");
            ids.TryAdd(token.Content, token.Id);
            added.Add(token);
        }

        return new(ids, added);
    }

    /// <summary>Reads a vocabulary of names and numbers.</summary>
    /// <returns>The names in the order of their numbers.</returns>
    public static string[] ReadVocabulary(JsonPart vocabulary)
    {
        var members = vocabulary.Members();
        var names = new string?[members.Count];
        foreach (var (name, value) in members)
        {
            var id = value.Integer();
            if (id >= names.Length || names[id] is not null)
            {
                throw new InvalidDataException($"{vocabulary.Place} has {names.Length} tokens, and '{name}' with id {id}"
                    + $"{(id < names.Length ? $" as '{names[id]}' has" : "")}: expected each id from 0 to {names.Length - 1} once. Fetch the file again, or export the tokenizer anew.");
            }

            names[id] = name;
        }

        return names!;
    }

    private static AddedToken ReadToken(JsonPart part)
    {
        var content = part.Get("content");
        if (content.Text().Length == 0)
            throw content.Wrong("a text that is not empty");
        return new(
            content.Text(), part.Get("id").Integer(), part.Get("single_word").Boolean(), part.Get("lstrip").Boolean(), part.Get("rstrip").Boolean(),
            part.Get("normalized").Boolean());
    }
}
