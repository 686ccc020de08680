using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Tests.Onnx;

public sealed class ExternalWeightsTests
{
    private static readonly TinyGraph Graph = new() { Rows = TinyModel.Rows, WeightsFile = "model.onnx_data" };

    [Fact]
    public async Task Weights_beside_the_graph_give_the_same_vectors_as_weights_inside()
    {
        using var outside = new TinyModel().Write(Graph);
        using var inside = new TinyModel().Write();
        using var model = outside.Open();
        using var whole = inside.Open();

        var vector = (await model.EmbedAsync(["apple pear"], InputKind.Document))[0];

        vector.ShouldBeSameOutcomeAs((await whole.EmbedAsync(["apple pear"], InputKind.Document))[0]);
        model.Spec.Files.Select(f => f.Role).ShouldContain("weights:model.onnx_data");
    }

    [Fact]
    public void Other_weights_are_another_model_and_refused()
    {
        using var tiny = new TinyModel().Write(Graph);
        var file = Path.Combine(tiny.Directory, "model.onnx_data");
        var bytes = File.ReadAllBytes(file);
        bytes[100] ^= 1;
        File.WriteAllBytes(file, bytes);

        var problem = Should.Throw<ModelException>(() => tiny.Open()).Problems.ShouldHaveSingleItem();

        problem.File.ShouldBe(file);
        problem.Message.ShouldContain(TinyModel.Digest(bytes));
        problem.Message.ShouldContain(TinyModel.Digest(Graph.Weights));
    }

    [Fact]
    public void Weights_that_are_not_there_are_named()
    {
        using var tiny = new TinyModel().Write(Graph);
        File.Delete(Path.Combine(tiny.Directory, "model.onnx_data"));

        Should.Throw<ModelException>(() => tiny.Open()).Message.ShouldContain("model.onnx_data: there is no such file");
    }

    [Fact]
    public void A_graph_whose_weights_the_spec_does_not_name_is_refused_since_nobody_pins_them()
    {
        using var tiny = new TinyModel().Write(Graph);
        File.WriteAllText(tiny.SpecFile, File.ReadAllText(tiny.SpecFile).Replace("weights: [{ path: model.onnx_data", "weights: [] #", StringComparison.Ordinal));

        var message = Should.Throw<ModelException>(() => tiny.Open()).Message;

        message.ShouldContain("has weights in 'model.onnx_data', which the spec does not pin. Add its path and sha256 to files.weights.");
    }
}
