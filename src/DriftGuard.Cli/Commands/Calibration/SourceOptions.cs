using System.CommandLine;
using DriftGuard.Core.Calibration.Building;
using DriftGuard.Worker.Calibration.Building;

namespace DriftGuard.Cli.Commands.Calibration;

/// <summary>How a source of queries is read.</summary>
internal sealed class SourceOptions
{
    private readonly Option<string?> _query = Column("--query-column", "of the query's text");
    private readonly Option<string?> _document = Column("--document-column", "of the relevant document's id, or of several with --separator");
    private readonly Option<string?> _grade = Column("--grade-column", "of the grade: a whole number, 1 or more is relevant; without one each row is relevant");
    private readonly Option<string?> _id = Column("--id-column", "of the query's id; without one, rows with the same text are one query");
    private readonly Option<string?> _text = Column("--text-column", "of the document's text; where there is no column of ids, ids are made of the texts");
    private readonly Option<string?> _separator = new("--separator") { Description = "What separates several ids in a cell of a table", HelpName = "TEXT" };
    private readonly Option<string> _split = new("--split") { Description = $"The split of a BEIR folder whose judgements are taken [default: {SetSource.DefaultSplit}]", HelpName = "NAME", DefaultValueFactory = _ => SetSource.DefaultSplit };

    public void AddTo(Command command)
    {
        command.Options.Add(_query);
        command.Options.Add(_document);
        command.Options.Add(_grade);
        command.Options.Add(_id);
        command.Options.Add(_text);
        command.Options.Add(_separator);
        command.Options.Add(_split);
    }

    public SetSource Of(ParseResult arguments, string path) => new(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))
    {
        Columns = new TableColumns
        {
            Query = arguments.GetValue(_query),
            Document = arguments.GetValue(_document),
            Grade = arguments.GetValue(_grade),
            Id = arguments.GetValue(_id),
            Text = arguments.GetValue(_text),
        },
        Separator = arguments.GetValue(_separator),
        Split = arguments.GetRequiredValue(_split),
    };

    private static Option<string?> Column(string name, string of) => new(name) { Description = $"The column of a table {of}; found by its name unless set", HelpName = "NAME" };
}
