namespace DriftGuard.Embedding.Tokenization.HuggingFace;

/// <summary>Reads what stands around a text (<c>post_processor</c>) and what fills up a batch.</summary>
internal static class TokenFrameReader
{
    private static readonly string[] PaddingTokens = ["[PAD]", "<pad>"];

    public static TokenFrame Read(JsonPart root, TokenNames names)
    {
        var (opening, closing) = root.Find("post_processor") is { } processor ? ReadProcessor(processor, names) : ([], []);
        var padding = PaddingTokens.Select(names.Find).FirstOrDefault(id => id is not null)
            ?? (root.Find("padding")?.Get("pad_id") is { } id ? Id(id, names) : 0);
        return new(opening, closing, padding, names.Count);
    }

    private static (int[] Opening, int[] Closing) ReadProcessor(JsonPart processor, TokenNames names) => processor.Type switch
    {
        "BertProcessing" or "RobertaProcessing" => ([NamedId(processor.Get("cls"), names)], [NamedId(processor.Get("sep"), names)]),
        "TemplateProcessing" => ReadTemplate(processor, names),
        // It moves offsets, not ids.
        "ByteLevel" => ([], []),
        "Sequence" => ReadSequence(processor.Get("processors"), names),
        _ => throw processor.Unsupported("TemplateProcessing", "BertProcessing", "RobertaProcessing", "ByteLevel", "Sequence"),
    };

    private static (int[] Opening, int[] Closing) ReadSequence(JsonPart processors, TokenNames names)
    {
        (int[] Opening, int[] Closing) frame = ([], []);
        foreach (var processor in processors.Items())
        {
            var inner = frame;
            var (opening, closing) = ReadProcessor(processor, names);
            frame = ([.. opening, .. inner.Opening], [.. inner.Closing, .. closing]);
        }

        return frame;
    }

    private static (int[] Opening, int[] Closing) ReadTemplate(JsonPart processor, TokenNames names)
    {
        var opening = new List<int>();
        var closing = new List<int>();
        var single = processor.Get("single");
        var hasText = false;
        foreach (var piece in single.Items())
        {
            if (piece.Find("SpecialToken") is { } token)
            {
                RefuseOtherTypes(token);
                var ids = processor.Get("special_tokens").Get(token.Get("id").Text()).Get("ids").Items().Select(id => Id(id, names));
                (hasText ? closing : opening).AddRange(ids);
                continue;
            }

            var sequence = piece.Get("Sequence");
            RefuseOtherTypes(sequence);
            if (hasText || sequence.Get("id").Text() != "A")
                throw single.Wrong("the text (Sequence A) once");
            hasText = true;
        }

        return hasText ? ([.. opening], [.. closing]) : throw single.Wrong("the text (Sequence A) once");
    }

    private static void RefuseOtherTypes(JsonPart piece)
    {
        if (piece.Find("type_id") is { } type && type.Integer() != 0)
            throw type.Wrong("0, the type that all tokens of a text are given");
    }

    private static int NamedId(JsonPart pair, TokenNames names) =>
        pair.Items() is [_, var id] ? Id(id, names) : throw pair.Wrong("a token and its id");

    private static int Id(JsonPart id, TokenNames names) =>
        id.Integer() < names.Count ? id.Integer() : throw id.Wrong($"the id of a token, so less than {names.Count}");
}
