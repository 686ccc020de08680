using DriftGuard.Embedding.Tokenization.Unigram;

namespace DriftGuard.Embedding.Tokenization.HuggingFace;

/// <summary>Reads the tokenizer of XLM-R and others that come from SentencePiece's unigram models.</summary>
internal static class UnigramFile
{
    public static TextTokenizer Read(JsonPart root, JsonPart model)
    {
        var vocabulary = ReadVocabulary(model);
        var names = TokenNames.Read(root, vocabulary.Pieces);
        var text = new UnigramTextModel(NormaliserReader.Read(root), ReadPreTokenizer(root.Get("pre_tokenizer")), new(vocabulary));
        return new(text, new(names.Added, text), TokenFrameReader.Read(root, names));
    }

    private static UnigramVocabulary ReadVocabulary(JsonPart model)
    {
        var pieces = new List<string>();
        var scores = new List<double>();
        foreach (var entry in model.Get("vocab").Items())
        {
            if (entry.Items() is not [var piece, var score])
                throw entry.Wrong("a piece and its score");
            if (piece.Text().Length == 0)
                throw piece.Wrong("a piece that is not empty");
            pieces.Add(piece.Text());
            scores.Add(score.Number());
        }

        var unknown = model.Get("unk_id");
        return unknown.Integer() < pieces.Count
            ? new(pieces, scores, unknown.Integer(), model.Boolean("byte_fallback", fallback: false))
            : throw unknown.Wrong($"the id of a piece, so less than {pieces.Count}");
    }

    private static Metaspace ReadPreTokenizer(JsonPart preTokenizer)
    {
        if (preTokenizer.Type == "Metaspace")
            return ReadMetaspace(preTokenizer, splitsWhiteSpace: false);
        if (preTokenizer.Type != "Sequence")
            throw preTokenizer.Unsupported("Metaspace", "Sequence of WhitespaceSplit and Metaspace");
        var steps = preTokenizer.Get("pretokenizers");
        if (steps.Items() is not [var split, var space])
            throw steps.Wrong("WhitespaceSplit and Metaspace");
        if (split.Type != "WhitespaceSplit")
            throw split.Unsupported("WhitespaceSplit");
        return space.Type == "Metaspace" ? ReadMetaspace(space, splitsWhiteSpace: true) : throw space.Unsupported("Metaspace");
    }

    private static Metaspace ReadMetaspace(JsonPart space, bool splitsWhiteSpace)
    {
        var mark = space.Get("replacement");
        if (mark.Text() is not [var letter] || char.IsSurrogate(letter))
            throw mark.Wrong("a single character");
        return new(letter, IsPutBefore(space), space.Boolean("split", fallback: true), splitsWhiteSpace);
    }

    /// <summary>Older files say it with a flag, newer ones with a word; where a file has both, they must agree.</summary>
    private static bool IsPutBefore(JsonPart space)
    {
        var flag = space.Find("add_prefix_space");
        if (space.Find("prepend_scheme") is not { } scheme)
            return flag?.Boolean() ?? true;
        var isPutBefore = scheme.Text() switch
        {
            "always" => true,
            "never" => false,
            _ => throw scheme.Wrong("\"always\" or \"never\"; others are not supported"),
        };
        if (isPutBefore && flag?.Boolean() == false)
            throw scheme.Wrong($"\"never\", which {space.Place}.add_prefix_space says");
        return isPutBefore;
    }
}
