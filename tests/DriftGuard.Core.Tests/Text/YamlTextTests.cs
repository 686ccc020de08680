using DriftGuard.Core.Text;
using YamlDotNet.RepresentationModel;

namespace DriftGuard.Core.Tests.Text;

public sealed class YamlTextTests
{
    private const string Broken = "something in it begins or ends where it must not";

    [Fact]
    public void An_alias_stands_for_what_it_names() =>
        YamlText.ParseMapping("a: &x [1, 2]\nb: *x\n").Children[new YamlScalarNode("b")].ShouldBeOfType<YamlSequenceNode>().Children.Count.ShouldBe(2);

    [Theory]
    [InlineData("", 0)]
    [InlineData("# nothing\n", 0)]
    [InlineData("\uFEFFa: 1\n", 1)]
    [InlineData("a: 1\n---\nb: 2\n", 2)]
    public void Documents_are_told_apart(string yaml, int documents) => YamlText.Parse(yaml).Count.ShouldBe(documents);

    [Theory]
    [InlineData("a: 'b", 1, "While scanning a quoted scalar, found unexpected end of stream.")]
    [InlineData("a: 1\na: 2\n", 2, "Duplicate key")]
    [InlineData("a:\n  b: c\n...\n: d\n", null, Broken)]
    [InlineData("a: [b, c\nd: e\n...\n", null, Broken)]
    [InlineData("a: *b\n", 1, "there is no '&b' before it")]
    [InlineData("a: &x [*x]\n", 1, "'x' stands within itself")]
    [InlineData("a: &x\n  b: *x\n", 2, "'x' stands within itself")]
    public void What_is_none_is_refused_with_its_line(string yaml, int? line, string reason)
    {
        var refused = Should.Throw<YamlTextException>(() => YamlText.Parse(yaml));

        (refused.Line, refused.Message).ShouldSatisfyAllConditions(r => r.Line.ShouldBe(line), r => r.Message.ShouldContain(reason));
    }

    [Theory]
    [InlineData("[", "]", 64)]
    [InlineData("{a: ", "}", 64)]
    [InlineData("- ", "", 64)]
    public void What_is_deeper_than_people_write_is_refused_before_a_reader_goes_down_there(string open, string close, int deepest)
    {
        YamlText.Parse(Nested(deepest)).Count.ShouldBe(1);
        Should.Throw<YamlTextException>(() => YamlText.Parse(Nested(deepest + 1))).Message.ShouldContain("more than 64 deep");
        Should.Throw<YamlTextException>(() => YamlText.Parse(Nested(100_000))).Message.ShouldContain("more than 64 deep");

        string Nested(int levels) => $"{string.Concat(Enumerable.Repeat(open, levels))}x{string.Concat(Enumerable.Repeat(close, levels))}";
    }

    [Fact]
    public void Depth_is_counted_through_aliases() =>
        Should.Throw<YamlTextException>(() => YamlText.Parse("- &a0 [x]\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"- &a{i + 1} [*a{i}]\n")))).Message.ShouldContain("more than 64 deep");

    [Fact]
    public void Aliases_of_aliases_stand_for_no_more_than_anybody_writes()
    {
        var yaml = "- &a0 [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(0, 9).Select(i => $"- &a{i + 1} [{string.Join(", ", Enumerable.Repeat($"*a{i}", 10))}]\n"));

        Should.Throw<YamlTextException>(() => YamlText.Parse(yaml)).Message.ShouldContain("more than 100000 values");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("a: 1\n---\nb: 2\n")]
    public void A_mapping_is_one_document(string yaml) => Should.Throw<YamlTextException>(() => YamlText.ParseMapping(yaml)).Message.ShouldBe("expected one document of keys and values");
}
