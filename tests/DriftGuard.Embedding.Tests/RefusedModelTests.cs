using DriftGuard.Embedding.Tests.Onnx;

namespace DriftGuard.Embedding.Tests;

/// <summary>A model folder that is not what it says never starts.</summary>
public sealed class RefusedModelTests
{
    private const string Usual = "dimensions: 4\nmax_tokens: 16";

    private static TinyGraph Graph => new() { Rows = TinyModel.Rows };

    [Fact]
    public void A_folder_without_a_spec_is_refused()
    {
        using var tiny = new TinyModel();

        Refusal(tiny).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            p => p.File.ShouldBe(tiny.SpecFile), p => p.Message.ShouldStartWith("there is no such file"));
    }

    [Fact]
    public void A_file_of_another_digest_is_refused_with_both_digests()
    {
        using var tiny = new TinyModel().Write();
        var expected = TinyModel.Digest(File.ReadAllBytes(tiny.GraphFile));
        var cutOff = File.ReadAllBytes(tiny.GraphFile)[..100];
        File.WriteAllBytes(tiny.GraphFile, cutOff);

        var problem = Refusal(tiny).ShouldHaveSingleItem();

        problem.File.ShouldBe(tiny.GraphFile);
        problem.Message.ShouldContain(expected);
        problem.Message.ShouldContain(TinyModel.Digest(cutOff));
    }

    [Fact]
    public void All_missing_files_are_named_at_once()
    {
        using var tiny = new TinyModel().Write();
        File.Delete(tiny.GraphFile);
        File.Delete(tiny.VocabularyFile);

        var problems = Refusal(tiny);

        problems.Select(p => p.File).ShouldBe([tiny.GraphFile, tiny.VocabularyFile]);
        problems.ShouldAllBe(p => p.Message.StartsWith("there is no such file"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no protobuf at all")]
    [InlineData("\u0008\u0008")]
    [InlineData("\u003a\u0000")]
    public void A_file_that_is_no_ONNX_graph_is_refused(string content)
    {
        using var tiny = new TinyModel().Write(graphBytes: System.Text.Encoding.UTF8.GetBytes(content));

        Refusal(tiny).ShouldHaveSingleItem().File.ShouldBe(tiny.GraphFile);
    }

    [Theory]
    [InlineData(.2)]
    [InlineData(.5)]
    [InlineData(.99)]
    public void A_graph_that_was_cut_off_before_it_was_digested_is_refused(double share)
    {
        var whole = Graph.ToOnnx();
        using var tiny = new TinyModel().Write(graphBytes: whole[..(int)(share * whole.Length)]);

        Refusal(tiny).ShouldHaveSingleItem().File.ShouldBe(tiny.GraphFile);
    }

    [Fact]
    public void A_vocabulary_that_is_none_is_refused()
    {
        using var tiny = new TinyModel().Write(vocabulary: "just\nwords\n");

        var problem = Refusal(tiny).ShouldHaveSingleItem();

        problem.File.ShouldBe(tiny.VocabularyFile);
        problem.Message.ShouldContain("has no [CLS], [SEP], [UNK]");
    }

    [Fact]
    public void A_prefix_that_leaves_no_room_is_refused()
    {
        using var tiny = new TinyModel().Write(settings: "dimensions: 4\nmax_tokens: 4\nprefixes: { query: 'apple apple ' }");

        Refusal(tiny).ShouldHaveSingleItem().Message.ShouldContain("query prefix has 2 tokens");
    }

    public static TheoryData<string, Func<TinyModel, TinyModel>, string> Contradictions() => new()
    {
        { "fewer dimensions", t => t.Write(settings: "dimensions: 3\nmax_tokens: 16"), "has 4 dimensions, the spec says 3. To keep the first 3, set native_dimensions: 4." },
        { "more dimensions", t => t.Write(settings: "dimensions: 5\nmax_tokens: 16"), "has 4 dimensions, the spec says 5." },
        { "another output", t => t.Write(settings: $"{Usual}\noutput: other"), "has no output 'other'; its outputs are 'last_hidden_state'." },
        { "pooled output of tokens", t => t.Write(settings: $"{Usual}\npooling: output\noutput: last_hidden_state"), "must be float32, float16 or bfloat16 [batch, dimensions]" },
        { "mean of a pooled output", t => t.Write(Graph with { Pooled = true }), "must be float32, float16 or bfloat16 [batch, sequence, dimensions]" },
        { "unknown input", t => t.Write(Graph with { Inputs = ["input_ids", "pixels"] }), "wants an input 'pixels'" },
        { "fixed batch", t => t.Write(Graph with { FixedBatch = true, Inputs = ["input_ids"] }), "input 'input_ids' has a fixed size" },
        { "more tokens than rows", t => t.Write(vocabulary: TinyModel.Vocabulary + "more\n"), "fails on a text of max_tokens (16) tokens of the vocabulary's last id (12)" },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void A_spec_that_contradicts_the_graph_is_refused(string contradiction, Func<TinyModel, TinyModel> write, string message)
    {
        using var tiny = write(new TinyModel());

        var problem = Refusal(tiny).ShouldHaveSingleItem(contradiction);

        problem.File.ShouldBe(tiny.GraphFile);
        problem.Message.ShouldContain(message);
    }

    [Fact]
    public void The_usual_folder_is_not_refused()
    {
        using var tiny = new TinyModel().Write();

        ModelCatalog.Verify(tiny.Directory).ShouldBeEmpty();
    }

    private static IReadOnlyList<ModelProblem> Refusal(TinyModel tiny)
    {
        var exception = Should.Throw<ModelException>(() => tiny.Open());
        exception.Directory.ShouldBe(tiny.Directory);
        exception.Problems.ShouldAllBe(p => exception.Message.Contains(p.ToString()));
        exception.Problems.ShouldBe(ModelCatalog.Verify(tiny.Directory));
        return exception.Problems;
    }
}
