using System.Text;

namespace DriftGuard.Core.Indexes;

/// <summary>
/// How the text that is embedded is joined from fields: <c>{title}\n{body}</c>. A field in braces is a path; <c>{{</c> and <c>}}</c> are
/// braces, <c>\n</c>, <c>\t</c> and <c>\\</c> a line end, a tab and a backslash. A field that is missing leaves nothing, and a line that
/// would hold nothing but missing fields is left out.
/// </summary>
public sealed class TextTemplate
{
    private readonly IReadOnlyList<IReadOnlyList<TemplatePart>> lines;

    private TextTemplate(string text, IReadOnlyList<IReadOnlyList<TemplatePart>> lines)
    {
        (Text, this.lines) = (text, lines);
        Fields = [.. lines.SelectMany(line => line).Where(part => part.IsField).Select(part => part.Text).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The template as it was written.</summary>
    public string Text { get; }

    /// <summary>The fields that it names, each once.</summary>
    public IReadOnlyList<string> Fields { get; }

    /// <summary>The template that is one field and nothing else, whatever characters its name has.</summary>
    public static TextTemplate OfField(string field) => new($"{{{field}}}", [[new(field, IsField: true)]]);

    /// <summary>Reads a template.</summary>
    /// <exception cref="FormatException">It is none; the message says what is wrong, and at which position.</exception>
    public static TextTemplate Parse(string text)
    {
        var template = new TextTemplate(text, TemplateReader.Read(text));
        return template.Fields.Count > 0 ? template : throw new FormatException($"the template '{text}' names no field: write one in braces, such as {{text}}");
    }

    /// <summary>The text of one document; null where it has none of the fields.</summary>
    /// <param name="fieldOf">The text of a field; null where it is missing.</param>
    public string? Render(Func<string, string?> fieldOf)
    {
        if (lines is [[{ IsField: true } only]])
        {
            return fieldOf(only.Text);
        }

        var (kept, found, dropped) = (new List<string>(lines.Count), false, false);
        foreach (var line in lines)
        {
            var (text, fields, filled) = (new StringBuilder(), 0, 0);
            foreach (var part in line)
            {
                var value = part.IsField ? fieldOf(part.Text) : part.Text;
                fields += part.IsField ? 1 : 0;
                filled += part.IsField && value is not null ? 1 : 0;
                text.Append(value);
            }

            found |= filled > 0;
            var holdsNothing = fields > 0 && filled == 0 && line.All(part => part.IsField || string.IsNullOrWhiteSpace(part.Text));
            dropped |= holdsNothing;
            if (!holdsNothing)
            {
                kept.Add(text.ToString());
            }
        }

        // What parted a line that is gone from the others parts nothing any more.
        return !found ? null : dropped ? string.Join('\n', kept).Trim('\n') : string.Join('\n', kept);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>A piece of a line of a template.</summary>
/// <param name="Text">What it says, or the field's path.</param>
/// <param name="IsField">Whether it is a field.</param>
internal readonly record struct TemplatePart(string Text, bool IsField);
