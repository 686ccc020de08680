using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Indexes;
using DriftGuard.Worker.Configuration;

namespace DriftGuard.Cli.Commands.Index;

/// <summary>The options that say what text of an index is embedded, where it comes from, and into which vector it goes.</summary>
internal sealed class TextSourceOptions
{
    private readonly Option<string?> _textField = new("--text-field") { Description = $"The key or column of the text that is embedded; '{IndexOptions.DefaultTextField}' unless set" };
    private readonly Option<string?> _template = new("--template") { Description = @"Several fields joined to the text that is embedded, such as '{title}\n{body}'" };
    private readonly Option<string?> _vector = new("--vector") { Description = "The named vector that the model makes; all others are kept as they are" };
    private readonly Option<string?> _file = new("--source-file") { Description = "A JSON Lines or Parquet file (.parquet) that has the texts, by the points' ids" };
    private readonly Option<string?> _table = new("--source-table") { Description = "A table or view of PostgreSQL that has the texts, by the points' ids" };
    private readonly Option<string?> _connection = new("--connection-file") { Description = "A file that holds the connection string of the table" };
    private readonly Option<string?> _id = new("--id-field") { Description = "The key or column of the id in the file or table; 'id' unless set" };
    private readonly Option<string?> _chunk = new("--chunk-field") { Description = "The key or column of the chunk, where rows are pieces of documents" };
    private readonly Option<string?> _updated = new("--updated-at") { Description = "The key, column or payload field that says when a text was last written" };
    private readonly Option<string?> _deleted = new("--deleted") { Description = "The key or column that says that a row is deleted: true, or a time" };
    private readonly Option<string?> _payloadId = new("--payload-id") { Description = "The payload field with the id of the table, where points have other ids" };

    public void AddTo(Command command)
    {
        foreach (var option in new[] { _textField, _template, _vector, _file, _table, _connection, _id, _chunk, _updated, _deleted, _payloadId })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The definition with what the command line says in place of what it had.</summary>
    public IndexDefinition Read(ParseResult arguments, IndexDefinition index)
    {
        var (file, table) = (arguments.GetValue(_file), arguments.GetValue(_table));
        if (file is not null && table is not null)
        {
            throw new CommandException(ExitCode.Usage, "the texts are in a file or in a table, not in both", "give either --source-file or --source-table");
        }

        var source = file is not null ? new SourceDefinition { Kind = Worker.Sources.Rows.CorpusFiles.IsParquet(file) ? SourceKind.Parquet : SourceKind.Jsonl, Path = Path.GetFullPath(file) }
            : table is not null ? new SourceDefinition { Kind = SourceKind.Postgres, Table = table }
            : index.Source;
        return index with
        {
            TextField = arguments.GetValue(_textField) ?? index.TextField,
            Template = arguments.GetValue(_template) ?? (arguments.GetValue(_textField) is null ? index.Template : null),
            Vector = arguments.GetValue(_vector) ?? index.Vector,
            Source = source with
            {
                ConnectionFile = arguments.GetValue(_connection) is { } connection ? Path.GetFullPath(connection) : source.ConnectionFile,
                IdField = arguments.GetValue(_id) ?? source.IdField,
                ChunkField = arguments.GetValue(_chunk) ?? source.ChunkField,
                UpdatedAt = arguments.GetValue(_updated) ?? source.UpdatedAt,
                Deleted = arguments.GetValue(_deleted) ?? source.Deleted,
                PayloadId = arguments.GetValue(_payloadId) ?? source.PayloadId,
            },
        };
    }
}
