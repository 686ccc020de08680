using DriftGuard.Core.Indexes;

namespace DriftGuard.Core.Tests.Indexes;

public sealed class TextTemplateTests
{
    private static readonly Dictionary<string, string> Document = new(StringComparer.Ordinal) { ["title"] = "A title", ["body"] = "The body.", ["page.nr"] = "7" };

    [Theory]
    [InlineData(@"{title}\n{body}", "A title\nThe body.")]
    [InlineData("{title}\n{body}", "A title\nThe body.")]
    [InlineData("{title}: {body} ({page.nr})", "A title: The body. (7)")]
    [InlineData(@"{missing}\n{body}", "The body.")]
    [InlineData(@"{title}\n{missing}\n{body}", "A title\nThe body.")]
    [InlineData(@"{title}\n\n{missing}", "A title")]
    [InlineData(@"by {missing}\n{body}", "by \nThe body.")]
    [InlineData(@"{missing}{title}\n{body}", "A title\nThe body.")]
    [InlineData(@"{{title}} {title} }}", "{title} A title }")]
    [InlineData(@"{title}\t{body}\\n", "A title\tThe body.\\n")]
    [InlineData("{title}", "A title")]
    public void A_text_is_joined_from_the_fields_that_are_there(string template, string text) =>
        TextTemplate.Parse(template).Render(Document.GetValueOrDefault).ShouldBe(text);

    [Fact]
    public void A_document_without_any_of_the_fields_has_no_text() =>
        TextTemplate.Parse(@"always: {missing}\n{other}").Render(Document.GetValueOrDefault).ShouldBeNull();

    [Theory]
    [InlineData("{title", "position 1", "never closed")]
    [InlineData("a {title} }", "position 11", "without its '{'")]
    [InlineData("{title|upper}", "position 7", "no formats, filters or defaults")]
    [InlineData("{}", "position 1", "no path of a field")]
    [InlineData("{a..b}", "position 1", "no path of a field")]
    [InlineData("{ title }", "position 1", "no path of a field")]
    [InlineData(@"{title}\r", "position 8", "begins none of")]
    [InlineData("{a{b}", "position 3", "no formats, filters or defaults")]
    [InlineData("no field", "names no field", "such as {text}")]
    public void What_is_no_template_is_refused_with_its_position(string template, string position, string why)
    {
        var message = Should.Throw<FormatException>(() => TextTemplate.Parse(template)).Message;

        message.ShouldContain(position);
        message.ShouldContain(why);
    }

    [Fact]
    public void A_field_alone_may_have_any_name() =>
        TextTemplate.OfField("odd {name}").Render(field => field == "odd {name}" ? "text" : null).ShouldBe("text");
}
