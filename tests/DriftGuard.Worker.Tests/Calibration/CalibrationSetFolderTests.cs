using System.Text;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Thresholds;
using DriftGuard.Core.Retrieval;
using DriftGuard.Worker.Calibration;

namespace DriftGuard.Worker.Tests.Calibration;

public sealed class CalibrationSetFolderTests : IDisposable
{
    private const string Name = "my-set";

    private readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("driftguard-calibration-");

    public CalibrationSetFolderTests()
    {
        Directory.CreateDirectory(Folder);
        Write("set.yaml", "name: my-set\n");
        Write("queries.jsonl", """{"id": "q1", "text": "t", "lang": "en"}""");
        Write("qrels.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t1\n");
    }

    private string Folder => Path.Combine(parent.FullName, Name);

    public void Dispose() => parent.Delete(recursive: true);

    [Fact]
    public void A_name_queries_and_judgements_are_enough()
    {
        var set = CalibrationSetFolder.Load(Folder);

        (set.Name, set.Header.IdField, set.Header.TextField, set.Header.GroupField).ShouldBe(("my-set", null, "text", null));
        set.Header.Metrics.ShouldBe([RetrievalMetric.CappedRecallAt10, RetrievalMetric.NdcgAt10]);
        set.Header.Slices.ShouldBeEmpty();
        set.Corpus.ShouldBeNull();
        set.Pairs.ShouldBeEmpty();
    }

    [Fact]
    public void Everything_that_can_be_declared_is_read()
    {
        Write("set.yaml", """
            name: my-set
            description: >-
              two
              lines
            licence: CC-BY-4.0
            source: somewhere
            id_field: doc_id
            text_field: body
            group_field: lang
            slices:
              - lang
              - field: domain
                critical: true
            metrics: ndcg_cut_5
            """);
        Write("queries.jsonl", """{"id": "q1", "text": "t", "lang": "en", "domain": "a"}""");
        Write("corpus.jsonl", """{"id": "d1", "text": "d"}""");
        Write("pairs.tsv", "score\tsentence1\tsentence2\n1\ta\tb\n");
        var set = CalibrationSetFolder.Load(Folder + Path.DirectorySeparatorChar);

        var expected = new CalibrationSetHeader
        {
            Name = "my-set",
            Description = "two lines",
            Licence = "CC-BY-4.0",
            Source = "somewhere",
            IdField = "doc_id",
            TextField = "body",
            GroupField = "lang",
            Slices = set.Header.Slices,
            Metrics = set.Header.Metrics,
        };
        set.Header.ShouldBe(expected);
        set.Header.Slices.ShouldBe([new CalibrationSlice("lang"), new CalibrationSlice("domain", Critical: true)]);
        set.Header.Metrics.ShouldBe([RetrievalMetric.Parse("ndcg@5")]);
        (set.Corpus!.Count, set.Pairs.Count).ShouldBe((1, 1));
    }

    [Theory]
    [InlineData("name: my-set\nlicense: MIT", "set.yaml:2: unknown key 'license'; did you mean 'licence'?")]
    [InlineData("name: my-set\nowner: me", "set.yaml:2: unknown key 'owner'; expected one of name, description")]
    [InlineData("name: my-set\nslices:\n  - field: lang\n    critcal: true", "set.yaml:4: unknown key 'critcal'; did you mean 'critical'?")]
    [InlineData("name: my-set\nslices:\n  - field: lang\n    critical: maybe", "set.yaml:4: critical is 'maybe'; expected true or false.")]
    [InlineData("name: my-set\nslices:\n  - critical: true", "set.yaml:3: the slice has no field.")]
    [InlineData("name: my-set\nslices:\n  - [lang]", "set.yaml:3: a slice is the name of a query field")]
    [InlineData("name: my-set\nslices: [lang, lang]", "set.yaml:2: slice 'lang' is listed twice.")]
    [InlineData("name: other", "set.yaml:1: name is 'other' and the folder 'my-set'")]
    [InlineData("licence: MIT", "set.yaml:1: has no name.")]
    [InlineData("name: my-set\nmetrics: [accuracy]", "set.yaml:2: 'accuracy' is not a retrieval metric.")]
    [InlineData("name: my-set\nmetrics: []", "set.yaml:2: metrics names no metric")]
    [InlineData("name: my-set\ntext_field: {}", "set.yaml:2: text_field is not a text")]
    [InlineData("name: [my-set", "set.yaml:2: is not YAML:")]
    [InlineData("- name", "set.yaml: expected one document with the keys name,")]
    [InlineData("", "set.yaml: expected one document")]
    public void What_set_yaml_gets_wrong_is_said_with_its_line(string yaml, string error)
    {
        Write("set.yaml", yaml);

        Errors().ShouldContain(line => line.StartsWith(error, StringComparison.Ordinal), string.Join('\n', Errors()));
    }

    [Fact]
    public void All_files_are_checked_before_anything_is_reported()
    {
        Write("set.yaml", "name: my-set\nslice: lang");
        Write("queries.jsonl", "nonsense");
        Write("corpus.jsonl", "nonsense");

        Errors().Select(error => error.Split(": ")[0]).Distinct(StringComparer.Ordinal)
            .ShouldBe(["set.yaml:2", "queries.jsonl:1", "corpus.jsonl:1", "qrels.tsv:2", "queries.jsonl"]);
    }

    [Fact]
    public void Missing_files_are_named()
    {
        File.Delete(Path.Combine(Folder, "queries.jsonl"));
        File.Delete(Path.Combine(Folder, "set.yaml"));

        Errors().ShouldBe(["set.yaml: is not there; every calibration set has one.", "queries.jsonl: is not there; every calibration set has one."]);
    }

    [Fact]
    public void A_missing_folder_is_named_with_what_belongs_there() =>
        Should.Throw<CalibrationSetException>(() => CalibrationSetFolder.Load(Path.Combine(parent.FullName, "none")))
            .Message.ShouldContain("none' has 1 error:\n  .: there is no such folder");

    [Fact]
    public void Text_in_another_encoding_is_refused_by_its_first_bad_byte()
    {
        File.WriteAllBytes(Path.Combine(Folder, "corpus.jsonl"), Encoding.Latin1.GetBytes("""{"id": "d1", "text": "für"}"""));

        Errors().ShouldHaveSingleItem().ShouldBe("corpus.jsonl: is not UTF-8 at byte 23; save it as UTF-8.");
    }

    private string[] Errors() =>
        [.. Should.Throw<CalibrationSetException>(() => CalibrationSetFolder.Load(Folder)).Problems.Select(problem => problem.ToString())];

    [Fact]
    public void What_the_scores_of_pairs_mean_is_declared()
    {
        Write("set.yaml", "name: my-set\npairs:\n  positive_from: 4\n  negative_below: 2.5\n  slices: [lang, domain]\n  kinds: query-document\n");
        Write("pairs.tsv", "score\tsentence1\tsentence2\tlang\tdomain\n1\ta\tb\tde\tlaw\n");

        var set = CalibrationSetFolder.Load(Folder);

        (set.Header.Pairs.PositiveFrom, set.Header.Pairs.NegativeBelow, set.Header.Pairs.Kinds).ShouldBe((4, 2.5, PairKinds.QueryDocument));
        set.Header.Pairs.Slices.ShouldBe(["lang", "domain"]);
        set.Pairs.Single().Fields["domain"].ShouldBe("law");
    }

    [Theory]
    [InlineData("pairs:\n  positiv_from: 4", "set.yaml:3: unknown key 'positiv_from'; did you mean 'positive_from'?")]
    [InlineData("pairs: 4", "set.yaml:2: pairs says what the scores of pairs.tsv mean")]
    [InlineData("pairs:\n  positive_from: high", "set.yaml:3: positive_from is 'high'; expected a score of pairs.tsv, a number.")]
    [InlineData("pairs:\n  positive_from: NaN", "set.yaml:3: positive_from is 'NaN'")]
    [InlineData("pairs: { positive_from: 2, negative_below: 4 }", "set.yaml:2: negative_below is 4 and positive_from 2")]
    [InlineData("pairs:\n  kinds: query", "set.yaml:3: kinds is 'query'; expected document-document or query-query")]
    [InlineData("pairs:\n  slices: [lang, lang]", "set.yaml:3: slice 'lang' of pairs is listed twice.")]
    [InlineData("pairs:\n  slices: [{ a: b }]", "set.yaml:3: a slice of pairs is the name of a column of pairs.tsv.")]
    [InlineData("pair: {}", "set.yaml:2: unknown key 'pair'; did you mean 'pairs'?")]
    public void A_mistake_in_what_pairs_mean_is_refused_where_it_stands(string yaml, string error)
    {
        Write("set.yaml", $"name: my-set\n{yaml}\n");

        Should.Throw<CalibrationSetException>(() => CalibrationSetFolder.Load(Folder)).Problems.Single().ToString().ShouldStartWith(error);
    }

    private void Write(string file, string content) => File.WriteAllText(Path.Combine(Folder, file), content);
}
