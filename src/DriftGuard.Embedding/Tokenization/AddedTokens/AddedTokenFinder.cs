using System.Buffers;
using System.Runtime.InteropServices;

namespace DriftGuard.Embedding.Tokenization.AddedTokens;

/// <summary>
/// Finds added tokens: the leftmost first, of those that begin at one place the longest. Rules and their order are those of Hugging
/// Face's tokenizers 0.22, from which ids of published models come.
/// </summary>
internal sealed class AddedTokenFinder
{
    private readonly SearchValues<string>? _contents;
    private readonly AddedToken[] _longestFirst;

    public AddedTokenFinder(IReadOnlyCollection<AddedToken> tokens)
    {
        Tokens = tokens;
        _longestFirst = [.. tokens.OrderByDescending(t => t.Content.Length)];
        if (tokens.Count > 0)
            _contents = SearchValues.Create([.. tokens.Select(t => t.Content)], StringComparison.Ordinal);
    }

    public IReadOnlyCollection<AddedToken> Tokens { get; }

    public bool IsEmpty => _contents is null;

    /// <summary>The parts of a text in order: tokens, and what is between them.</summary>
    public Parts Split(ReadOnlySpan<char> text) => new(this, text);

    private AddedToken? Next(ReadOnlySpan<char> text, int from, out int start)
    {
        var found = _contents is null ? -1 : text[from..].IndexOfAny(_contents);
        start = from + found;
        if (found < 0)
            return null;
        foreach (var token in _longestFirst)
        {
            if (text[start..].StartsWith(token.Content, StringComparison.Ordinal))
                return token;
        }

        return null;
    }

    /// <summary>A token with its id, or text between tokens without one.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Part(Range Range, int? Id);

    /// <summary>Walks over the parts of a text.</summary>
    internal ref struct Parts(AddedTokenFinder finder, ReadOnlySpan<char> text)
    {
        private readonly AddedTokenFinder _finder = finder;
        private readonly ReadOnlySpan<char> _text = text;
        private Part? _waiting;
        private int _searched;
        private int _done;

        public Part Current { get; private set; }

        public readonly Parts GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_waiting is { } token)
            {
                Current = token;
                _waiting = null;
                return true;
            }

            while (_finder.Next(_text, _searched, out var start) is { } found)
            {
                var end = _searched = start + found.Content.Length;
                if (found.IsSingleWord && (WordCharacters.EndsWith(_text[..start]) || WordCharacters.StartsWith(_text[end..])))
                    continue;
                if (found.TakesSpaceBefore)
                    start = Math.Max(_text[..start].TrimEnd().Length, _done);
                if (found.TakesSpaceAfter)
                    end = _text.Length - _text[end..].TrimStart().Length;
                var part = new Part(start..end, found.Id);
                var before = _done;
                _done = end;
                if (before >= start)
                {
                    Current = part;
                    return true;
                }

                _waiting = part;
                Current = new(before..start, null);
                return true;
            }

            Current = new(_done.._text.Length, null);
            var isLeft = _done < _text.Length;
            _searched = _done = _text.Length;
            return isLeft;
        }
    }
}
