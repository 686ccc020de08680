using DriftGuard.Core.Indexes;
using DriftGuard.Worker.Sources.Postgres;

namespace DriftGuard.Worker.Sources;

/// <summary>What the declaration of an index' texts must and must not say, without a look at the source itself.</summary>
internal static class SourceRules
{
    /// <summary>What is wrong, each by its key in the configuration.</summary>
    public static IEnumerable<(string Key, string Message)> Problems(IndexDefinition index)
    {
        var source = index.Source;
        var isFile = source.Kind is SourceKind.Jsonl or SourceKind.Parquet;
        if (index.Template is { } template && WhyNot(template) is { } why)
        {
            yield return ("template", why);
        }

        if (isFile != source.Path is not null)
        {
            yield return ("source.path", isFile ? "a source of kind jsonl or parquet needs the path of its file" : $"a source of kind {Word(source.Kind)} has no file; leave the path away, or set kind to jsonl or parquet");
        }

        if (source.Kind == SourceKind.Postgres != source.Table is not null)
        {
            yield return ("source.table", source.Table is null ? "a source of kind postgres needs the name of its table or view" : $"a source of kind {Word(source.Kind)} has no table; leave it away, or set kind to postgres");
        }
        else if (source.Table is { } table && PostgresNames.WhyNotATable(table) is { } whyNot)
        {
            yield return ("source.table", whyNot);
        }

        if (source.ConnectionFile is not null && source.Kind != SourceKind.Postgres)
        {
            yield return ("source.connectionFile", "only a source of kind postgres has a connection");
        }

        if (source.PayloadId is not null && source.Kind != SourceKind.Postgres)
        {
            yield return ("source.payloadId", "only a source of kind postgres looks rows up by a payload field; rows of a file name their points by their ids");
        }

        if (source.Kind == SourceKind.Payload && (source.Deleted ?? source.ChunkField) is not null)
        {
            yield return (source.Deleted is not null ? "source.deleted" : "source.chunkField", "the payload is the point's own: there are no rows to be deleted or joined");
        }
    }

    private static string Word(SourceKind kind) => kind.ToString().ToLowerInvariant();

    private static string? WhyNot(string template)
    {
        try
        {
            TextTemplate.Parse(template);
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }
}
