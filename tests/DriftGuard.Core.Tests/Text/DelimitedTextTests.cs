using CsCheck;
using DriftGuard.Core.Text;

namespace DriftGuard.Core.Tests.Text;

public sealed class DelimitedTextTests
{
    [Theory]
    [InlineData("a,b\n1,2\n", ',', "1|2")]
    [InlineData("a;b\r\n1;2\r\n", ';', "1|2")]
    [InlineData("a\tb\n1\t2", '\t', "1|2")]
    [InlineData("\uFEFFa,b\n1,2", ',', "1|2")]
    [InlineData("a,b\n\"x, y\",2", ',', "x, y|2")]
    [InlineData("a,b\n\"x \"\"y\"\"\",2", ',', "x \"y\"|2")]
    [InlineData("a,b\n\"x\r\ny\",2", ',', "x\r\ny|2")]
    [InlineData("\"a,a,a\";b\n1;2", ';', "1|2")]
    [InlineData("a,b\n\n ,2\n\n", ',', " |2")]
    [InlineData("a,b\n5\" pipe,2", ',', "5\" pipe|2")]
    [InlineData("a,b\n,\n1,2", ',', "1|2")]
    [InlineData("a\n1", ',', "1")]
    public void Tables_are_read_as_RFC_4180_says(string content, char delimiter, string cells)
    {
        var table = DelimitedText.Read(content);

        table.Problems.ShouldBeEmpty();
        table.Delimiter.ShouldBe(delimiter);
        string.Join('|', table.Rows.ShouldHaveSingleItem().Cells).ShouldBe(cells);
    }

    [Theory]
    [InlineData("a,b\n1,2\n1\n", 3, "has 1 cells, the header has 2")]
    [InlineData("a,b\n\"x\ny\",1\n1,2,3\n", 4, "has 3 cells, the header has 2")]
    [InlineData("a,b\n1,\"2\n", 2, "never closed")]
    [InlineData("a,b\n\"1\"x,2\n3,4\n", 2, "after a closing quotation mark")]
    [InlineData("a,A\n1,2\n", 1, "twice")]
    public void What_is_no_row_is_named_with_its_line(string content, int line, string message)
    {
        var problem = DelimitedText.Read(content).Problems.ShouldHaveSingleItem();

        problem.Line.ShouldBe(line);
        problem.Message.ShouldContain(message);
    }

    [Fact]
    public void A_row_begins_where_its_first_cell_does_also_after_cells_of_several_lines() =>
        DelimitedText.Read("a,b\n\"1\n\n\",2\n3,4").Rows.Select(row => row.Line).ShouldBe([2, 5]);

    [Fact]
    public void An_empty_file_has_no_header() => DelimitedText.Read("").Header.ShouldBeEmpty();

    [Fact]
    public void What_is_written_is_read_back() => Gen.Select(
        Gen.Int[0, 2].Select(i => ",;\t"[i]), Gen.String[Gen.Char["ab \",;\t\r\n'é"], 1, 8].Array[2, 4].Where(row => row.All(cell => cell.Trim().Length > 0)).Array[1, 5]).Sample((delimiter, rows) =>
    {
        rows = [.. rows.Where(row => row.Length == rows[0].Length)];
        var header = Enumerable.Range(0, rows[0].Length).Select(i => $"c{i}");
        var content = string.Concat(rows.Prepend([.. header]).Select(row => DelimitedText.Write(delimiter, row) + "\r\n"));
        var table = DelimitedText.Read(content);
        return table.Problems.Count == 0 && table.Rows.Select(row => string.Join('\u001f', row.Cells)).SequenceEqual(rows.Select(row => string.Join('\u001f', row)));
    });
}
