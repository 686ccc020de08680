using DriftGuard.Embedding.Onnx;

namespace DriftGuard.Embedding.Tests.Onnx;

public sealed class ExecutionProviderTests
{
    [Fact]
    public void What_is_in_use_is_told()
    {
        using var tiny = new TinyModel().Write();
        using var model = tiny.Open(new() { Sessions = 2 });

        model.Description.ShouldStartWith("cpu, 2 sessions of 1 thread");
    }

    [Fact]
    public void What_this_build_cannot_run_on_is_passed_over_and_told()
    {
        using var tiny = new TinyModel().Write();
        using var model = tiny.Open(new() { Sessions = 1, ExecutionProviders = ["cuda", "cpu"] });

        model.Description.ShouldStartWith("cpu (cuda not in this build of the ONNX runtime)");
    }

    [Fact]
    public void A_model_that_nothing_is_left_for_is_refused()
    {
        using var tiny = new TinyModel().Write();

        var message = Should.Throw<ModelException>(() => tiny.Open(new() { Sessions = 1, ExecutionProviders = ["cuda"] })).Message;

        message.ShouldContain("cuda wanted, this build of the ONNX runtime has");
        message.ShouldContain("models.executionProviders");
    }

    [Fact]
    public void The_runtime_tells_what_ran_where()
    {
        using var tiny = new TinyModel().Write();
        var spec = ModelCatalog.Find([tiny.Directory]).Single().Spec!;
        using var session = new OnnxSession(new(File.ReadAllBytes(tiny.GraphFile), null), threads: 1, ["cpu"], profile: true);
        session.Ids(1, 3).Clear();
        session.Run(GraphOutput.Of(spec), 1, 3, 0, static (_, _, _) => { });

        // Two look-ups; what only renames is optimised away.
        session.EndProfile().ShouldBe("cpu 2");
    }

    [Fact]
    public void Nothing_is_recorded_where_only_the_processor_is_used()
    {
        using var tiny = new TinyModel().Write();
        using var session = new OnnxSession(new(File.ReadAllBytes(tiny.GraphFile), null), threads: 1, ["cpu"], profile: null);

        session.EndProfile().ShouldBeNull();
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("{}")]
    public void A_profile_that_is_none_is_refused(string text)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, text);

        Should.Throw<InvalidDataException>(() => NodePlacement.Describe(file)).Message.ShouldContain(file);
        File.Delete(file);
    }
}
