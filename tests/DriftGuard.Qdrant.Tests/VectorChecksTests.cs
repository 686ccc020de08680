using Qdrant.Client.Grpc;
using static DriftGuard.Qdrant.WireForms;

namespace DriftGuard.Qdrant.Tests;

public class VectorChecksTests
{
    private static readonly VectorExpectation Unit3 = new(3, UnitLength: true);

    public static TheoryData<float[], VectorExpectation?, string> Refused() => new()
    {
        { [1f, float.NaN, 0f], null, "component 1 of 3 is NaN" },
        { [1f, 0f, float.NegativeInfinity], Unit3, "component 2 of 3 is -Infinity" },
        { [0f, 0f, 0f], null, "all its components are zero" },
        { [0f, -0f, 0f], Unit3, "all its components are zero" },
        { [], null, "it has no components" },
        { [1f, 0f], Unit3, "it has 2 dimensions, expected 3" },
        { [0.6f, 0.6f, 0f], Unit3, "its length is 0.848528" },
        { [1.002f, 0f, 0f], Unit3, "expected 1 within 0.001" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_vector_that_is_not_fit_is_refused_by_name(float[] vector, VectorExpectation? expectation, string found)
    {
        var failure = Should.Throw<VectorException>(() => VectorChecks.Require("docs-1", [NewPoint(PointId.FromNumber(7), vector)], expectation));
        failure.Message.ShouldContain(found);
        failure.Message.ShouldContain("point 7 for collection 'docs-1'");
        failure.Point.ShouldBe(PointId.FromNumber(7));
        failure.Collection.ShouldBe("docs-1");
    }

    public static TheoryData<float[], VectorExpectation?> Accepted() => new()
    {
        { [0.6f, 0.8f, 0f], Unit3 },
        { [1.0005f, 0f, 0f], Unit3 },
        { [3f, 4f], null },
        { [3f, 4f, 0f], Unit3 with { UnitLength = false } },
        // Squares overflow; the components are finite all the same.
        { [1e30f, 1e30f], null },
        { [1e-20f, 0f], null },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public void A_vector_that_is_fit_is_sent(float[] vector, VectorExpectation? expectation) =>
        VectorChecks.Require("docs-1", [NewPoint(PointId.FromNumber(7), vector)], expectation);

    [Fact]
    public void An_expectation_is_about_the_vector_of_its_name_and_the_others_must_still_be_finite()
    {
        var expectation = Unit3 with { Name = "new" };
        var point = NewPoint(PointId.FromNumber(1), [5f], "old");
        VectorChecks.Require("docs-1", [point], expectation);
        point.Vectors.Vectors_.Vectors["new"] = NewPoint(PointId.FromNumber(1), [5f]).Vectors.Vector;
        Should.Throw<VectorException>(() => VectorChecks.Require("docs-1", [point], expectation)).Message.ShouldContain("the vector 'new' of point 1");
        Should.Throw<VectorException>(() => VectorChecks.Require("docs-1", [NewPoint(PointId.FromNumber(1), [float.NaN], "old")], expectation));
    }

    [Fact]
    public void The_deprecated_form_is_checked_too()
    {
#pragma warning disable CS0612 // The form that 1.16 answers in, sent back as it is.
        var point = new PointStruct { Id = PointId.FromNumber(1).ToWire(), Vectors = new Vectors { Vector = new Vector { Data = { 1f, float.NaN } } } };
#pragma warning restore CS0612
        Should.Throw<VectorException>(() => VectorChecks.Require("docs-1", [point], null)).Message.ShouldContain("component 1 of 2");
    }

    [Fact]
    public void A_point_without_vectors_is_sent() =>
        VectorChecks.Require("docs-1", [new PointStruct { Id = PointId.FromNumber(1).ToWire() }], Unit3);
}
