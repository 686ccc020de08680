using System.Numerics.Tensors;
using DriftGuard.Core.Drift.Probes;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Tests.Variants;
using DriftGuard.Testing.Models;

namespace DriftGuard.Embedding.Tests.Twins;

public sealed class ReorientedTwinTests
{
    private static readonly EmbeddingModelOptions OneSession = new() { Sessions = 1 };
    private static readonly string[] Texts = [.. ProbeSet.Current.Probes.Where(p => p.Category != ProbeCategories.OverLong).Select(p => p.Text)];

    private static Orthogonal Turned(string how, int dimensions) => how switch
    {
        "permutation" => Orthogonal.Permutation(dimensions, seed: 1),
        "signs" => Orthogonal.Signs(dimensions, seed: 2),
        _ => Orthogonal.Rotation(dimensions, seed: 3),
    };

    [Theory]
    [InlineData(ShippedModels.MiniLm, "permutation")]
    [InlineData(ShippedModels.MiniLm, "signs")]
    [InlineData(ShippedModels.MiniLm, "rotation")]
    [InlineData(ShippedModels.Static, "rotation")]
    public async Task Every_vector_is_turned_and_every_similarity_is_the_same(string name, string how)
    {
        using var copies = new ModelCopies();
        using var model = ShippedModels.Open(name);
        var matrix = Turned(how, model.Spec.Dimensions);
        using var twin = EmbeddingModel.Open(copies.Of(name).WithGraph((from, to) => ReorientedTwin.Write(from, to, matrix)).Directory, OneSession);

        var vectors = (await model.EmbedAsync(Texts, InputKind.Document)).Select(o => o.Vector!).ToArray();
        var turned = (await twin.EmbedAsync(Texts, InputKind.Document)).Select(o => o.Vector!).ToArray();

        for (var i = 0; i < Texts.Length; i++)
        {
            turned[i].ShouldBe(matrix.Turn(vectors[i]), 1e-5);
            TensorPrimitives.CosineSimilarity<float>(turned[i], vectors[i]).ShouldBeLessThan(.5f);
            var j = (i + 1) % Texts.Length;
            TensorPrimitives.Dot<float>(turned[i], turned[j]).ShouldBe(TensorPrimitives.Dot<float>(vectors[i], vectors[j]), 1e-5f);
        }
    }

    [Fact]
    public void The_same_seed_turns_the_same_way()
    {
        Orthogonal.Rotation(16, 5).ToRows().ShouldBe(Orthogonal.Rotation(16, 5).ToRows());
        Orthogonal.Rotation(16, 5).ToRows().ShouldNotBe(Orthogonal.Rotation(16, 6).ToRows());
    }

    [Fact]
    public void A_graph_is_turned_once_and_only_where_it_has_the_output()
    {
        using var copies = new ModelCopies();
        void Turn(string from, string to) => ReorientedTwin.Write(from, to, Orthogonal.Signs(128, 1));
        var copy = copies.Of(ShippedModels.Static).WithGraph(Turn);

        Should.Throw<InvalidDataException>(() => copy.WithGraph(Turn)).Message.ShouldContain("turned before");
        Should.Throw<InvalidDataException>(() => copy.WithGraph((from, to) => ReorientedTwin.Write(from, to, Orthogonal.Signs(128, 1), "pooled"))).Message.ShouldContain("no output 'pooled'");
    }
}
