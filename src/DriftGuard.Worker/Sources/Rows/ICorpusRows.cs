using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Sources.Rows;

/// <summary>A row of a source outside of Qdrant.</summary>
/// <param name="Place">Where it is, for people: file and line, file and row, or table and row.</param>
/// <param name="Fields">Its fields; empty where it cannot be read.</param>
/// <param name="Problem">Why it cannot be read; null where it can.</param>
public readonly record struct CorpusRow(string Place, MapField<string, Value> Fields, string? Problem);

/// <summary>The rows of a file or a table, as a stream: their number does not matter.</summary>
public interface ICorpusRows
{
    /// <summary>What they are, for people.</summary>
    string InWords { get; }

    /// <summary>Reads them from the first to the last.</summary>
    /// <exception cref="OperatorException">They cannot be read any further; the message says why, and where.</exception>
    IAsyncEnumerable<CorpusRow> ReadAsync(CancellationToken cancellation);
}
