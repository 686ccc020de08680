using System.Text;
using DriftGuard.Qdrant.Payloads;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Sources.Rows;
using Parquet;

namespace DriftGuard.Worker.Tests.Sources;

public sealed class CorpusRowsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-rows-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public static TheoryData<CompressionMethod, EncodingHint> Encodings()
    {
        var all = new TheoryData<CompressionMethod, EncodingHint>();
        foreach (var compression in new[] { CompressionMethod.None, CompressionMethod.Snappy, CompressionMethod.Gzip, CompressionMethod.Brotli, CompressionMethod.Zstd, CompressionMethod.Lz4Raw })
        {
            all.Add(compression, EncodingHint.Default);
        }

        all.Add(CompressionMethod.None, EncodingHint.Dictionary);
        all.Add(CompressionMethod.None, EncodingHint.DeltaBinaryPacked);
        return all;
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task A_Parquet_file_of_any_encoding_gives_the_rows_that_JSON_Lines_give(CompressionMethod compression, EncodingHint encoding)
    {
        var lines = await File.ReadAllLinesAsync(Path.Join(AppContext.BaseDirectory, "calibration-sets", "xquad-de", "corpus.jsonl"), Cancellation);
        var (jsonl, parquet) = (Path.Join(folder, "corpus.jsonl"), Path.Join(folder, "corpus.parquet"));
        await File.WriteAllLinesAsync(jsonl, lines, Cancellation);
        var expected = await ReadAsync(jsonl);
        var options = new ParquetOptions { CompressionMethod = compression };
        var column = encoding == EncodingHint.DeltaBinaryPacked ? "number" : "text";
        options.ColumnEncodingHints[column] = encoding;
        await ParquetFiles.WriteAsync(parquet, expected.Select(row => ((string?)Text(row, "id"), (string?)Text(row, "text"))), options);

        var rows = await ReadAsync(parquet);

        rows.Count.ShouldBe(lines.Length);
        rows.Select(row => (Text(row, "id"), Text(row, "text"))).ShouldBe(expected.Select(row => (Text(row, "id"), Text(row, "text"))));
        rows[150].Fields["number"].IntegerValue.ShouldBe(150, "the second row group follows the first");
    }

    [Fact]
    public async Task Values_of_Parquet_become_payload_without_loss()
    {
        var path = Path.Join(folder, "kinds.parquet");
        await ParquetFiles.WriteKindsAsync(path);

        var row = (await ReadAsync(path)).Single();

        row.Problem.ShouldBeNull();
        PayloadJson.ToJson(row.Fields).ShouldBe(
            """{"at":"2026-01-02T03:04:05Z","flag":true,"id":"18446744073709551615","page":{"nr":3,"title":"T"},"price":"1.25","score":1.5,"tags":["a","b"],"text":"gr\u00F6\u00DFer","uuid":"11111111-2222-3333-4444-555555555555"}""");
    }

    [Fact]
    public async Task Everything_that_is_wrong_in_a_Parquet_file_is_named_with_its_row()
    {
        var path = Path.Join(folder, "bad.parquet");
        await ParquetFiles.WriteAsync(path, [("a", "one"), (null, "two"), ("a", "three"), ("b", null), ("c", " ")], rowsAGroup: 2);

        var check = await new Corpus(path, "id", "text").CheckAsync(Cancellation);

        check.Problems.ShouldBe([
            $"{path}, row 2: no id under key 'id'",
            $"{path}, row 3: document id repeats that of {path}, row 1",
            $"{path}, row 4: document 'b' has no text under payload key 'text'",
            $"{path}, row 5: document 'c' has an empty text",
        ]);
    }

    [Fact]
    public async Task A_missing_column_is_a_problem_of_every_row()
    {
        var path = Path.Join(folder, "column.parquet");
        await ParquetFiles.WriteAsync(path, [("a", "one")]);

        (await new Corpus(path, "doc_id", "text").CheckAsync(Cancellation)).Problems.ShouldBe([$"{path}, row 1: no id under key 'doc_id'"]);
        (await new Corpus(path, "id", "body").CheckAsync(Cancellation)).Problems.ShouldBe([$"{path}, row 1: document 'a' has no text under payload key 'body'"]);
    }

    [Fact]
    public async Task A_Parquet_file_that_is_cut_off_is_refused()
    {
        var path = Path.Join(folder, "cut.parquet");
        await ParquetFiles.WriteAsync(path, Enumerable.Range(0, 500).Select(i => ((string?)$"d{i}", (string?)$"text {i}")));
        var bytes = await File.ReadAllBytesAsync(path, Cancellation);
        await File.WriteAllBytesAsync(path, bytes[..(bytes.Length / 2)], Cancellation);

        (await Should.ThrowAsync<OperatorException>(() => ReadAsync(path))).Message.ShouldContain("it is no Parquet file, cut off, or damaged; write it again. Nothing was written");
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_named_in_both_kinds_of_file()
    {
        var (jsonl, parquet) = (Path.Join(folder, "bytes.jsonl"), Path.Join(folder, "bytes.parquet"));
        byte[] broken = [(byte)'x', 0xFF, (byte)'y'];
        await File.WriteAllBytesAsync(jsonl, [.. Encoding.UTF8.GetBytes("""{"id": "a", "text": """ + "\""), .. broken, .. "\"}\n"u8], Cancellation);
        await ParquetFiles.WriteBytesAsync(parquet, broken);

        (await Should.ThrowAsync<OperatorException>(() => ReadAsync(jsonl))).Message.ShouldContain("is not valid UTF-8, somewhere after line 0");
        (await ReadAsync(parquet)).Single().Problem!.ShouldContain("holds U+FFFD, which stands for bytes that are no valid UTF-8");
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named() =>
        (await Should.ThrowAsync<OperatorException>(() => ReadAsync(Path.Join(folder, "nowhere.parquet")))).Message.ShouldStartWith($"cannot read corpus file {folder}");

    private static string Text(CorpusRow row, string field) => row.Fields[field].StringValue;

    private static async Task<List<CorpusRow>> ReadAsync(string path)
    {
        var rows = new List<CorpusRow>();
        await foreach (var row in CorpusFiles.Rows(path).ReadAsync(Cancellation))
        {
            rows.Add(row);
        }

        return rows;
    }
}
