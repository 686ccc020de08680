using DriftGuard.Core.Calibration;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Calibration.Editing;

namespace DriftGuard.Worker.Tests.Calibration.Editing;

public sealed class SetEditorTests : IDisposable
{
    private const string Yaml = "# ours\nname: mine # kept\n";
    private const string Queries = "{\"id\": \"q1\", \"text\": \"one\"}\n{\"id\": \"q0002\", \"text\": \"unjudged\"}\n";
    private const string Qrels = "query-id\tcorpus-id\tscore\nq1\td1\t1\n";

    private readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("driftguard-calibration-editing-");
    private readonly SetEditor editor;

    public SetEditorTests()
    {
        editor = new(new([parent.FullName]));
        Directory.CreateDirectory(Folder);
        Write("set.yaml", Yaml);
        Write("queries.jsonl", Queries);
        Write("qrels.tsv", Qrels);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Folder => Path.Join(parent.FullName, "mine");

    public void Dispose() => parent.Delete(recursive: true);

    [Fact]
    public void A_query_gets_the_next_free_id_and_what_is_not_touched_stays()
    {
        var edited = editor.AddQuery("mine", new(null, "three", ["d3", "d3"], new Dictionary<string, string>(StringComparer.Ordinal) { ["lang"] = "de" }));

        (edited.QueriesAdded, edited.JudgementsAdded).ShouldBe((1, 1));
        Read("set.yaml").ShouldBe(Yaml);
        Read("queries.jsonl").ShouldBe(Queries + "{\"id\":\"q0003\",\"text\":\"three\",\"lang\":\"de\"}\n");
        Read("qrels.tsv").ShouldBe(Qrels + "q0003\td3\t1\n");
        Directory.GetFiles(Folder).Length.ShouldBe(3, "nothing is left beside the files");
    }

    [Fact]
    public async Task A_sheet_that_contradicts_the_set_changes_nothing()
    {
        Write("../sheet.csv", "query_id,document_id,grade\nq1,d2,1\nq1,d1,0\n");

        (await Should.ThrowAsync<OperatorException>(() => editor.AddJudgementsAsync("mine", Sheet, replace: false, Cancellation)))
            .Message.ShouldContain("sheet.csv:3: query 'q1' and document 'd1' are judged 1 in the set and 0 here");
        Read("qrels.tsv").ShouldBe(Qrels);
        await editor.AddJudgementsAsync("mine", Sheet, replace: true, Cancellation);
        Read("qrels.tsv").ShouldBe("query-id\tcorpus-id\tscore\nq1\td1\t0\nq1\td2\t1\n");
    }

    [Fact]
    public async Task What_would_make_the_set_unsound_changes_nothing()
    {
        Write("corpus.jsonl", "{\"id\": \"d1\", \"text\": \"a document\"}\n");
        Write("../sheet.csv", "query_id,document_id,grade\nq1,elsewhere,1\n");

        (await Should.ThrowAsync<CalibrationSetException>(() => editor.AddJudgementsAsync("mine", Sheet, replace: false, Cancellation))).Message.ShouldContain("document 'elsewhere' is not in corpus.jsonl");
        Read("qrels.tsv").ShouldBe(Qrels);
    }

    [Fact]
    public async Task An_edit_that_was_cut_off_after_its_queries_leaves_a_sound_set_and_is_made_up_for_by_the_same_command()
    {
        Write("../more.jsonl", "{\"id\": \"q9\", \"text\": \"nine\", \"relevant\": [\"d9\"], \"lang\": \"fr\"}\n");
        Write("queries.jsonl", Queries + "{\"id\":\"q9\",\"text\":\"nine\",\"lang\":\"fr\"}\n");

        CalibrationSetFolder.Load(Folder).Queries.Select(query => query.Id).ShouldBe(["q1"]);
        var edited = await editor.AddQueriesAsync("mine", new(Path.Join(parent.FullName, "more.jsonl")), replace: false, Cancellation);

        (edited.QueriesAdded, edited.JudgementsAdded, edited.AlreadyThere).ShouldBe((0, 1, 1));
        edited.Set.Queries.Select(query => query.Id).ShouldBe(["q1", "q9"]);
        CalibrationSetFolder.Load(Folder).Queries[1].Fields["lang"].ShouldBe("fr");
    }

    [Fact]
    public void A_query_by_hand_that_was_cut_off_is_made_up_for_too()
    {
        var edited = editor.AddQuery("mine", new(null, "Unjudged", ["d7"], new Dictionary<string, string>(StringComparer.Ordinal)));

        (edited.QueriesAdded, edited.JudgementsAdded).ShouldBe((0, 1));
        Read("queries.jsonl").ShouldBe(Queries);
        Read("qrels.tsv").ShouldBe(Qrels + "q0002\td7\t1\n");
    }

    [Fact]
    public void While_one_adds_another_is_refused()
    {
        using (SetLock.Take(Folder))
        {
            Should.Throw<OperatorException>(() => editor.AddQuery("mine", new(null, "three", ["d3"], new Dictionary<string, string>(StringComparer.Ordinal))))
                .Message.ShouldContain("another command is adding");
        }

        Read("queries.jsonl").ShouldBe(Queries);
        editor.AddQuery("mine", new(null, "three", ["d3"], new Dictionary<string, string>(StringComparer.Ordinal))).QueriesAdded.ShouldBe(1);
    }

    [Fact]
    public void Where_the_second_file_cannot_be_put_in_place_the_first_is_put_back()
    {
        // A folder in the file's place: it can be copied neither from nor over.
        Directory.CreateDirectory(Path.Join(Folder, "other", "in"));

        Should.Throw<OperatorException>(() => SetFiles.Replace(Folder, [("queries.jsonl", "new"), ("other", "new")])).Message.ShouldContain("the set is as it was");

        Read("queries.jsonl").ShouldBe(Queries);
        Directory.GetFiles(Folder).Length.ShouldBe(3, "nothing is left beside the files");
    }

    [Theory]
    [InlineData("{\"id\": \"q9\", \"text\": \"nine\", \"relevant\": {\"a\": 1}}", "more.jsonl:1: 'relevant' is {\"a\": 1}")]
    [InlineData("{\"text\": \"nine\", \"relevant\": \"d\"}", "more.jsonl:1: has no id")]
    [InlineData("{\"id\": \"q1\", \"text\": \"another\", \"relevant\": \"d\"}", "query 'q1' is in the set already, with another text")]
    public async Task Queries_that_are_wrong_are_refused(string line, string message)
    {
        Write("../more.jsonl", line + "\n");

        (await Should.ThrowAsync<OperatorException>(() => editor.AddQueriesAsync("mine", new(Path.Join(parent.FullName, "more.jsonl")), replace: false, Cancellation))).Message.ShouldContain(message);
        Read("queries.jsonl").ShouldBe(Queries);
    }

    private string Sheet => Path.Join(parent.FullName, "sheet.csv");

    private void Write(string file, string content) => File.WriteAllText(Path.Join(Folder, file), content);

    private string Read(string file) => File.ReadAllText(Path.Join(Folder, file));
}
