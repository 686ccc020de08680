using System.IO.Compression;
using System.Text;
using DriftGuard.Core.Calibration;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Calibration.Building;

namespace DriftGuard.Worker.Tests.Calibration.Building;

public sealed class CalibrationSetBuilderTests : IDisposable
{
    private static readonly DateOnly Today = new(2026, 11, 25);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("driftguard-calibration-building-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Target => Path.Join(folder.FullName, "sets", "both");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_BEIR_folder_of_two_languages_becomes_a_set_with_the_same_judgements_and_a_slice_for_each(bool compressed)
    {
        WriteBeir(compressed);

        var built = await CalibrationSetBuilder.BuildAsync(new(Beir) { WithCorpus = true }, new(Target), Today, Cancellation);

        built.Format.ShouldBe(SourceFormat.Beir);
        built.Set.Header.Slices.ShouldBe([new CalibrationSlice("lang")]);
        built.Languages.Select(language => language.Key).ShouldBe(["de", "en"], ignoreOrder: true);
        built.Set.Corpus!.Count.ShouldBe(480);
        built.Dropped.Select(drop => (drop.Reason, drop.Count)).ShouldBe(
            [($"queries without a judgement in qrels/test.tsv{(compressed ? ".gz" : "")}", 1), ("judgements of documents that are not in the corpus", 1)]);
        Judgements(built.Set).ShouldBe(Sources().SelectMany(source => source.Set.Queries.SelectMany(query =>
            source.Set.Qrels[query.Id].Select(judgement => (source.Name + query.Id, source.Name + judgement.Key, judgement.Value)))), ignoreOrder: true);

        // Questions of xquad-de really are German; a few names alone are not told apart.
        var german = built.Set.Queries.Where(query => query.Id.StartsWith("xquad-de", StringComparison.Ordinal) && query.Fields.ContainsKey("lang")).ToList();
        (german.Count(query => query.Fields["lang"] == "de") / (double)german.Count).ShouldBeGreaterThan(.95);
    }

    [Fact]
    public async Task Documents_come_along_only_on_request()
    {
        WriteBeir(compressed: false);

        (await CalibrationSetBuilder.BuildAsync(new(Beir), new(Target), Today, Cancellation)).Set.Corpus.ShouldBeNull();
        File.Exists(Path.Join(Target, "corpus.jsonl")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_set_that_is_there_stays_unless_it_is_to_be_replaced()
    {
        Write("t.csv", "query,doc_id\nfirst,d1\n");
        await BuildAsync("t.csv");
        Write("t.csv", "query,doc_id\nsecond,d1\n");

        (await Should.ThrowAsync<OperatorException>(() => BuildAsync("t.csv"))).Error.ShouldBe(OperatorError.Conflict);
        CalibrationSetFolder.Load(Target).Queries.Single().Text.ShouldBe("first");
        await BuildAsync("t.csv", force: true);
        CalibrationSetFolder.Load(Target).Queries.Single().Text.ShouldBe("second");
        Directory.GetFileSystemEntries(Path.GetDirectoryName(Target)!).ShouldBe([Target], "nothing is left beside it");
    }

    [Fact]
    public async Task A_source_that_is_wrong_leaves_the_old_set()
    {
        Write("t.csv", "query,doc_id\nfirst,d1\n");
        await BuildAsync("t.csv");
        Write("t.csv", "query,doc_id,grade\nsecond,d1,good\n");

        await Should.ThrowAsync<OperatorException>(() => BuildAsync("t.csv", force: true));

        CalibrationSetFolder.Load(Target).Queries.Single().Text.ShouldBe("first");
        Directory.GetFileSystemEntries(Path.GetDirectoryName(Target)!).ShouldBe([Target]);
    }

    [Fact]
    public async Task A_folder_that_is_no_set_is_not_replaced()
    {
        Write("t.csv", "query,doc_id\nfirst,d1\n");
        Directory.CreateDirectory(Target);
        await File.WriteAllTextAsync(Path.Join(Target, "photo.jpg"), "", Cancellation);

        (await Should.ThrowAsync<OperatorException>(() => BuildAsync("t.csv", force: true))).Message.ShouldContain("is no calibration set");
        File.Exists(Path.Join(Target, "photo.jpg")).ShouldBeTrue();
    }

    [Fact]
    public async Task Clicks_make_weak_labels_that_the_set_and_its_warnings_tell_of()
    {
        Write("log.jsonl", string.Concat(Enumerable.Range(0, 3).Select(i => $$"""{"text": "reset password", "session": {{i}}, "clicked": ["d1"]}""" + "\n")));

        var built = await BuildAsync("log.jsonl");

        built.Format.ShouldBe(SourceFormat.Log);
        built.Set.Header.Labels.ShouldBe(CalibrationLabels.Weak);
        built.Set.Warnings.ShouldHaveSingleItem().Message.ShouldStartWith(WeakLabels.Favour);
        StaleLabels.Find(built.Set, _ => true).Labels.ShouldBe(CalibrationLabels.Weak);
        (await File.ReadAllTextAsync(Path.Join(Target, "set.yaml"), Cancellation)).ShouldContain("\nlabels: weak\n");
    }

    [Theory]
    [InlineData("query,doc_id,grade\nfirst,d1,0\n", "gives no query with a relevant document")]
    [InlineData("query,doc_id\n", "gives no query with a relevant document")]
    public async Task A_source_without_a_relevant_document_gives_no_set(string content, string message)
    {
        Write("t.csv", content);

        (await Should.ThrowAsync<OperatorException>(() => BuildAsync("t.csv"))).Message.ShouldContain(message);
    }

    [Fact]
    public async Task A_file_that_is_not_UTF_8_or_not_gzip_is_refused()
    {
        await File.WriteAllBytesAsync(Path.Join(folder.FullName, "latin.csv"), Encoding.Latin1.GetBytes("query,doc_id\nÄrger,d1\n"), Cancellation);
        Write("t.csv.gz", "query,doc_id\n");

        (await Should.ThrowAsync<OperatorException>(() => BuildAsync("latin.csv"))).Message.ShouldContain("is not UTF-8");
        (await Should.ThrowAsync<OperatorException>(() => BuildAsync("t.csv.gz"))).Message.ShouldContain("not compressed with gzip");
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("it's: \"quoted\" # and not a comment")]
    [InlineData("123")]
    [InlineData("null")]
    [InlineData("ünïcode 日本 - dash")]
    public void What_set_yaml_declares_is_read_back(string text)
    {
        var header = new CalibrationSetHeader
        {
            Name = "set",
            Description = text,
            Licence = text,
            Source = text,
            IdField = text,
            GroupField = text,
            Labels = CalibrationLabels.Weak,
            Slices = [new(text), new(text + "2", Critical: true)],
        };
        var problems = new List<CalibrationProblem>();

        var read = CalibrationSetYaml.Read(CalibrationSetYamlWriter.Write(header), "set", problems);

        problems.ShouldBeEmpty();
        (read! with { Slices = header.Slices, Metrics = header.Metrics }).ShouldBe(header);
        read.Slices.ShouldBe(header.Slices);
    }

    [Fact]
    public void A_renamed_set_keeps_its_comments() =>
        CalibrationSetYamlWriter.Renamed("# ours\nname: old   # the name\nslices: [lang]\n", "new-name").ShouldBe("# ours\nname: new-name   # the name\nslices: [lang]\n");

    private string Beir => Path.Join(folder.FullName, "beir");

    private Task<BuiltSet> BuildAsync(string file, bool force = false) =>
        CalibrationSetBuilder.BuildAsync(new(Path.Join(folder.FullName, file)), new(Target) { Force = force }, Today, Cancellation);

    private static IEnumerable<(string Name, CalibrationSet Set)> Sources() => new[] { "xquad-en", "xquad-de" }
        .Select(name => (name, CalibrationSetFolder.Load(Path.Join(AppContext.BaseDirectory, "calibration-sets", name))));

    private static IEnumerable<(string, string, int)> Judgements(CalibrationSet set) =>
        set.Queries.SelectMany(query => set.Qrels[query.Id].Select(judgement => (query.Id, judgement.Key, judgement.Value)));

    private void WriteBeir(bool compressed)
    {
        var none = new Dictionary<string, string>(StringComparer.Ordinal);
        Directory.CreateDirectory(Path.Join(Beir, "qrels"));
        var (queries, corpus, qrels) = (new StringBuilder(), new StringBuilder(), new StringBuilder("query-id\tcorpus-id\tscore\n"));
        foreach (var (name, set) in Sources())
        {
            foreach (var query in set.Queries)
            {
                queries.Append(CalibrationLines.Query(name + query.Id, query.Text, none).Replace("\"id\":", "\"_id\":", StringComparison.Ordinal)).Append('\n');
                foreach (var judgement in set.Qrels[query.Id])
                {
                    qrels.Append(CalibrationLines.Judgement(name + query.Id, name + judgement.Key, judgement.Value)).Append('\n');
                }
            }

            foreach (var document in set.Corpus!)
            {
                corpus.Append(CalibrationLines.Document(document with { Id = name + document.Id })).Append('\n');
            }
        }

        queries.Append("{\"_id\": \"train\", \"text\": \"of another split\"}\n");
        qrels.Append("xquad-en").Append(Sources().First().Set.Queries[0].Id).Append("\tgone\t1\n");
        WriteFile("queries.jsonl", queries);
        WriteFile("corpus.jsonl", corpus);
        WriteFile(Path.Join("qrels", "test.tsv"), qrels);

        void WriteFile(string name, StringBuilder content)
        {
            using var file = File.Create(Path.Join(Beir, compressed ? name + ".gz" : name));
            using Stream stream = compressed ? new GZipStream(file, CompressionLevel.Fastest) : file;
            stream.Write(Encoding.UTF8.GetBytes(content.ToString()));
        }
    }

    private void Write(string file, string content) => File.WriteAllText(Path.Join(folder.FullName, file), content);
}
