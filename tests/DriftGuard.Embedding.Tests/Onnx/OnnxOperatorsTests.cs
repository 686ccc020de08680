using DriftGuard.Embedding.Onnx;

namespace DriftGuard.Embedding.Tests.Onnx;

public sealed class OnnxOperatorsTests
{
    [Theory]
    [InlineData(ShippedModels.MiniLm, true)]
    [InlineData(ShippedModels.Static, false)]
    public void Tells_dynamically_quantised_graphs(string model, bool quantised)
    {
        var operators = OnnxOperators.Of(File.ReadAllBytes(Path.Combine(ShippedModels.DirectoryOf(model), "model.onnx")));

        operators.Contains("Gather").ShouldBeTrue();
        OnnxOperators.AreDynamicallyQuantised(operators).ShouldBe(quantised);
    }

    [Fact]
    public void Looks_into_subgraphs_and_functions()
    {
        var inner = new ProtobufWriter().Message(1, new ProtobufWriter().Text(4, "DynamicQuantizeMatMul"));
        var attribute = new ProtobufWriter().Text(1, "then_branch").Message(6, inner);
        var graph = new ProtobufWriter().Message(1, new ProtobufWriter().Text(4, "If").Message(5, attribute));
        var function = new ProtobufWriter().Text(1, "f").Message(7, new ProtobufWriter().Text(4, "Tanh"));
        var model = new ProtobufWriter().Number(1, 8).Message(7, graph).Message(25, function).ToArray();

        OnnxOperators.Of(model).ShouldBe(["If", "DynamicQuantizeMatMul", "Tanh"], ignoreOrder: true);
        OnnxOperators.AreDynamicallyQuantised(OnnxOperators.Of(model)).ShouldBeTrue();
    }

    [Fact]
    public void Any_cut_of_a_graph_is_refused_or_is_a_shorter_message_and_nothing_else()
    {
        var whole = new TinyGraph { Rows = TinyModel.Rows }.ToOnnx();

        for (var length = 0; length < whole.Length; length++)
        {
            var cut = whole[..length];
            Should.Throw<InvalidDataException>(() => OnnxOperators.Of(cut), $"{length} bytes");
        }
    }

    [Fact]
    public void Subgraphs_that_are_nested_without_end_are_refused()
    {
        var graph = new ProtobufWriter();
        for (var depth = 0; depth < 100; depth++)
            graph = new ProtobufWriter().Message(1, new ProtobufWriter().Text(4, "If").Message(5, new ProtobufWriter().Message(6, graph)));

        Should.Throw<InvalidDataException>(() => OnnxOperators.Of(new ProtobufWriter().Message(7, graph).ToArray()))
            .Message.ShouldContain("deep");
    }
}
