using System.Buffers;
using System.Text;

namespace DriftGuard.Core.Indexes;

/// <summary>Reads a template into the parts of its lines.</summary>
internal static class TemplateReader
{
    // What other template languages use for formats, filters and defaults.
    private static readonly SearchValues<char> NotInAField = SearchValues.Create("{:|?\n\\");

    public static IReadOnlyList<IReadOnlyList<TemplatePart>> Read(string text)
    {
        var lines = new List<IReadOnlyList<TemplatePart>>();
        var (line, literal) = (new List<TemplatePart>(), new StringBuilder());
        for (var i = 0; i < text.Length; i++)
        {
            var (at, next) = (text[i], i + 1 < text.Length ? text[i + 1] : '\0');
            switch (at)
            {
                case '{' or '}' when next == at:
                    literal.Append(at);
                    i++;
                    break;
                case '{':
                    EndLiteral();
                    i = AddField(text, i, line);
                    break;
                case '}':
                    throw Wrong(text, i, "a '}' without its '{'; write '}}' for a brace");
                case '\\':
                    i++;
                    Escaped(next, i);
                    break;
                case '\n':
                    EndLine();
                    break;
                default:
                    literal.Append(at);
                    break;
            }
        }

        EndLine();
        return lines;

        void Escaped(char escape, int position)
        {
            switch (escape)
            {
                case 'n':
                    EndLine();
                    break;
                case 't':
                    literal.Append('\t');
                    break;
                case '\\':
                    literal.Append('\\');
                    break;
                default:
                    throw Wrong(text, position - 1, @"a '\' that begins none of '\n', '\t' and '\\'");
            }
        }

        void EndLiteral()
        {
            if (literal.Length > 0)
            {
                line.Add(new(literal.ToString(), IsField: false));
                literal.Clear();
            }
        }

        void EndLine()
        {
            EndLiteral();
            lines.Add(line);
            line = [];
        }
    }

    /// <summary>Adds the field that begins at a brace; gives the position of its closing one.</summary>
    private static int AddField(string text, int open, List<TemplatePart> line)
    {
        var close = text.IndexOf('}', open);
        if (close < 0)
        {
            throw Wrong(text, open, "a '{' that is never closed; write '{{' for a brace");
        }

        var field = text[(open + 1)..close];
        if (field.Length == 0 || field.Length != field.Trim().Length || field.Split('.').Any(part => part.Length == 0))
        {
            throw Wrong(text, open, $"'{{{field}}}', which is no path of a field such as {{title}} or {{page.title}}");
        }

        if (field.AsSpan().IndexOfAny(NotInAField) is >= 0 and var wrong)
        {
            throw Wrong(text, open + 1 + wrong, $"a '{field[wrong]}' in a field; there are no formats, filters or defaults");
        }

        line.Add(new(field, IsField: true));
        return close;
    }

    private static FormatException Wrong(string text, int position, string found) =>
        new($"the template '{text}' has at position {position + 1} {found}");
}
