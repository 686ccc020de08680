using DriftGuard.Embedding.Onnx;

namespace DriftGuard.Embedding.Tests.Onnx;

public sealed class OnnxFileTests
{
    [Theory]
    [InlineData(ShippedModels.MiniLm, true)]
    [InlineData(ShippedModels.Static, false)]
    public void Tells_dynamically_quantised_graphs(string model, bool quantised)
    {
        var file = OnnxFile.Read(File.ReadAllBytes(Path.Combine(ShippedModels.DirectoryOf(model), "model.onnx")));

        file.Operators.Contains("Gather").ShouldBeTrue();
        file.IsDynamicallyQuantised.ShouldBe(quantised);
        file.WeightsFiles.ShouldBeEmpty();
    }

    [Fact]
    public void Looks_into_subgraphs_and_functions()
    {
        var inner = new ProtobufWriter().Message(1, new ProtobufWriter().Text(4, "DynamicQuantizeMatMul"));
        var attribute = new ProtobufWriter().Text(1, "then_branch").Message(6, inner);
        var graph = new ProtobufWriter().Message(1, new ProtobufWriter().Text(4, "If").Message(5, attribute));
        var function = new ProtobufWriter().Text(1, "f").Message(7, new ProtobufWriter().Text(4, "Tanh"));
        var model = new ProtobufWriter().Number(1, 8).Message(7, graph).Message(25, function).ToArray();

        OnnxFile.Read(model).Operators.ShouldBe(["If", "DynamicQuantizeMatMul", "Tanh"], ignoreOrder: true);
        OnnxFile.Read(model).IsDynamicallyQuantised.ShouldBeTrue();
    }

    [Fact]
    public void Tells_the_files_that_hold_weights_of_initialisers_constants_and_subgraphs()
    {
        ProtobufWriter Tensor(string file) => new ProtobufWriter().Text(8, "t")
            .Message(13, new ProtobufWriter().Text(1, "location").Text(2, file))
            .Message(13, new ProtobufWriter().Text(1, "offset").Text(2, "0"));
        var constant = new ProtobufWriter().Text(4, "Constant").Message(5, new ProtobufWriter().Text(1, "value").Message(5, Tensor("b")));
        var branch = new ProtobufWriter().Message(5, Tensor("c"));
        var choice = new ProtobufWriter().Text(4, "If").Message(5, new ProtobufWriter().Message(6, branch));
        var graph = new ProtobufWriter().Message(5, Tensor("a")).Message(5, Tensor("a")).Message(1, constant).Message(1, choice);

        OnnxFile.Read(new ProtobufWriter().Message(7, graph).ToArray()).WeightsFiles.ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public void Any_cut_of_a_graph_is_refused_or_is_a_shorter_message_and_nothing_else()
    {
        var whole = new TinyGraph { Rows = TinyModel.Rows }.ToOnnx();

        for (var length = 0; length < whole.Length; length++)
        {
            var cut = whole[..length];
            Should.Throw<InvalidDataException>(() => OnnxFile.Read(cut), $"{length} bytes");
        }
    }

    [Fact]
    public void Subgraphs_that_are_nested_without_end_are_refused()
    {
        var graph = new ProtobufWriter();
        for (var depth = 0; depth < 100; depth++)
            graph = new ProtobufWriter().Message(1, new ProtobufWriter().Text(4, "If").Message(5, new ProtobufWriter().Message(6, graph)));

        Should.Throw<InvalidDataException>(() => OnnxFile.Read(new ProtobufWriter().Message(7, graph).ToArray()))
            .Message.ShouldContain("deep");
    }
}
