using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Tests;

public sealed class CarriedVectorsTests
{
    private static readonly string[] Names = ["dense", "sparse", "many"];

    [Fact]
    public void Vectors_of_every_kind_are_written_as_they_were_read()
    {
        var written = Write(CarriedVectors.Of(Point(), Names));

        written["dense"].Dense.Data.ShouldBe([1f, float.NaN, 0f]);
        written["sparse"].Sparse.Indices.ShouldBe([7u, 3u]);
        written["sparse"].Sparse.Values.ShouldBe([.5f, .25f]);
        written["many"].MultiDense.Vectors.Select(v => v.Data.ToArray()).ShouldBe([[1f, 2f], [3f, 4f]]);
        written["own"].Dense.Data.ShouldBe([9f]);
    }

#pragma warning disable CS0612 // The form in which 1.16 answers.
    [Fact]
    public void The_older_form_of_an_answer_is_written_in_the_newer_one()
    {
        var old = new RetrievedPoint { Id = new() { Num = 1 }, Vectors = new() { Vectors = new() } };
        old.Vectors.Vectors.Vectors["dense"] = new() { Data = { 1f, float.NaN, 0f } };
        old.Vectors.Vectors.Vectors["sparse"] = new() { Data = { .5f, .25f }, Indices = new() { Data = { 7, 3 } } };
        old.Vectors.Vectors.Vectors["many"] = new() { Data = { 1f, 2f, 3f, 4f }, VectorsCount = 2 };

        CarriedVectors.Of(old, Names).Digest().ShouldBe(CarriedVectors.Of(Point(), Names).Digest());
        Write(CarriedVectors.Of(old, Names))["many"].MultiDense.Vectors.Count.ShouldBe(2);
    }
#pragma warning restore CS0612

    [Fact]
    public void The_digest_changes_with_every_bit_and_with_nothing_else()
    {
        var digest = CarriedVectors.Of(Point(), Names).Digest();

        CarriedVectors.Of(Point(), ["many", "sparse", "dense"]).Digest().ShouldBe(digest);
        CarriedVectors.Of(Point(p => p["dense"].Dense.Data[2] = -0f), Names).Digest().ShouldNotBe(digest);
        CarriedVectors.Of(Point(p => p["sparse"].Sparse.Indices[0] = 8), Names).Digest().ShouldNotBe(digest);
        CarriedVectors.Of(Point(p => p["many"].MultiDense.Vectors.RemoveAt(1)), Names).Digest().ShouldNotBe(digest);
        CarriedVectors.Of(Point(p => p.Remove("sparse")), Names).Digest().ShouldNotBe(digest);
        CarriedVectors.Of(Point(p =>
        {
            p["sparse"].Sparse.Indices.Clear();
            p["sparse"].Sparse.Values.Clear();
            p["sparse"].Sparse.Indices.AddRange([3u, 7u]);
            p["sparse"].Sparse.Values.AddRange([.25f, .5f]);
        }), Names).Digest().ShouldBe(digest, "the order of a sparse vector's entries says nothing");
        CarriedVectors.Of(Point(), []).Digest().ShouldBeNull();
    }

    private static IDictionary<string, Vector> Write(CarriedVectors carried) =>
        WireForms.NewPoint(Core.Points.PointId.FromNumber(1), [9f], "own", carried).Vectors.Vectors_.Vectors;

    private static RetrievedPoint Point(Action<IDictionary<string, VectorOutput>>? change = null)
    {
        var point = new RetrievedPoint { Id = new() { Num = 1 }, Vectors = new() { Vectors = new() } };
        var vectors = point.Vectors.Vectors.Vectors;
        vectors["own"] = new() { Dense = new() { Data = { 5f } } };
        vectors["dense"] = new() { Dense = new() { Data = { 1f, float.NaN, 0f } } };
        vectors["sparse"] = new() { Sparse = new() { Indices = { 7, 3 }, Values = { .5f, .25f } } };
        vectors["many"] = new() { MultiDense = new() { Vectors = { new DenseVector { Data = { 1f, 2f } }, new DenseVector { Data = { 3f, 4f } } } } };
        change?.Invoke(vectors);
        return point;
    }
}
