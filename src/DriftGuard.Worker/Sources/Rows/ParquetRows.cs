using System.Globalization;
using System.Runtime.CompilerServices;
using Google.Protobuf.Collections;
using Parquet;
using Parquet.Serialization;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Sources.Rows;

/// <summary>A Parquet file. One row group is in memory at a time.</summary>
/// <param name="path">The file.</param>
public sealed class ParquetRows(string path) : ICorpusRows
{
    // A decoder's sign for bytes that are no text: what stood there is lost already when we see it.
    private const char Replacement = '\uFFFD';

    private static readonly ParquetOptions Options = new() { TreatByteArrayAsString = true };

    /// <inheritdoc/>
    public string InWords => path;

    /// <inheritdoc/>
    public async IAsyncEnumerable<CorpusRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var file = CorpusFiles.Guard(path, () => File.OpenRead(path));
        var groups = await CountAsync(file, cancellation);
        long row = 0;
        for (var group = 0; group < groups; group++)
        {
            foreach (var fields in await GroupAsync(file, group, row, cancellation))
            {
                row++;
                yield return Row(string.Create(CultureInfo.InvariantCulture, $"{path}, row {row}"), fields);
            }
        }
    }

    private static CorpusRow Row(string place, Dictionary<string, object> fields)
    {
        try
        {
            var payload = new MapField<string, Value>();
            foreach (var (name, value) in fields)
            {
                payload.Add(name, ParquetValues.Of(value));
            }

            return payload.FirstOrDefault(field => field.Value is { KindCase: Value.KindOneofCase.StringValue } text && text.StringValue.Contains(Replacement, StringComparison.Ordinal)) is { Key: { } broken }
                ? new(place, [], $"the text in column '{broken}' holds U+FFFD, which stands for bytes that are no valid UTF-8: write the file again from where the text is whole")
                : new(place, payload, null);
        }
        catch (NotSupportedException exception)
        {
            return new(place, [], exception.Message);
        }
    }

    private async Task<int> CountAsync(FileStream file, CancellationToken cancellation) => await GuardAsync(0, async () =>
    {
        await using var reader = await ParquetReader.CreateAsync(file, Options, leaveStreamOpen: true, cancellation);
        return reader.RowGroupCount;
    });

    private async Task<IList<Dictionary<string, object>>> GroupAsync(FileStream file, int group, long row, CancellationToken cancellation) => await GuardAsync(row, async () =>
        (await ParquetSerializer.DeserializeUntypedAsync(file, Options, group, cancellation)).Data);

    /// <summary>A file that is cut off or damaged fails deep inside the decoder, with whatever it stumbles over.</summary>
    private async Task<T> GuardAsync<T>(long row, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or OutOfMemoryException))
        {
            throw new OperatorException(OperatorError.Invalid,
                $"{path} cannot be read as Parquet {(row == 0 ? "" : $"after row {row} ")}({exception.Message}): it is no Parquet file, cut off, or damaged; write it again. Nothing was written");
        }
    }
}
