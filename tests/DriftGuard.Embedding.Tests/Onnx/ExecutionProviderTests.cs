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
}
