namespace DriftGuard.Embedding.Tokenization.Bert;

/// <summary>The tokens of a WordPiece vocabulary that mean more than their letters.</summary>
internal sealed class Vocabulary
{
    public const string Classification = "[CLS]";
    public const string Separator = "[SEP]";
    public const string Unknown = "[UNK]";
    public const string Padding = "[PAD]";
    public const string Mask = "[MASK]";

    private Vocabulary(int size, Dictionary<string, int> special)
    {
        Size = size;
        Special = special;
    }

    /// <summary>Number of tokens; ids are below it.</summary>
    public int Size { get; }

    /// <summary>Ids of the special tokens that the vocabulary has. They are recognised in texts too, as published models do.</summary>
    public IReadOnlyDictionary<string, int> Special { get; }

    /// <summary>Reads one token a line; the line number from 0 is the id.</summary>
    /// <exception cref="InvalidDataException">A special token that every text needs is missing.</exception>
    public static Vocabulary Read(byte[] bytes)
    {
        var special = new Dictionary<string, int>(StringComparer.Ordinal);
        var size = 0;
        using var reader = new StreamReader(new MemoryStream(bytes));
        while (reader.ReadLine() is { } token)
        {
            if (token is Classification or Separator or Unknown or Padding or Mask)
                special.TryAdd(token, size);
            size++;
        }

        var missing = new[] { Classification, Separator, Unknown }.Where(t => !special.ContainsKey(t)).ToList();
        if (missing.Count > 0)
            throw new InvalidDataException($"the vocabulary of {size} tokens has no {string.Join(", ", missing)}; is it BERT's vocab.txt?");
        return new(size, special);
    }
}
