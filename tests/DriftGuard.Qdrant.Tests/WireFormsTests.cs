using CsCheck;
using DriftGuard.Core.Points;
using DriftGuard.Qdrant.Payloads;
using Qdrant.Client.Grpc;
using static DriftGuard.Qdrant.WireForms;

namespace DriftGuard.Qdrant.Tests;

public class WireFormsTests
{
    [Fact]
    public void An_id_comes_back_from_the_wire() =>
        Gen.OneOf(Gen.ULong.Select(PointId.FromNumber), Gen.Guid.Select(PointId.FromUuid)).Sample(id => id.ToWire().ToPointId() == id);

    [Fact]
    public void Both_forms_of_a_vector_in_an_answer_are_read()
    {
        float[] values = [1f, 2f, 3f];
        foreach (var form in new[] { Dense(values), Deprecated(values) })
        {
            var single = new RetrievedPoint { Vectors = new VectorsOutput { Vector = form } };
            VectorOf(single).ShouldBe(values);
            VectorOf(single, "new").ShouldBeNull();

            var named = new RetrievedPoint { Vectors = new VectorsOutput { Vectors = new NamedVectorsOutput { Vectors = { ["new"] = form } } } };
            VectorOf(named, "new").ShouldBe(values);
            VectorSpanOf(named, "new").ToArray().ShouldBe(values);
            VectorOf(named).ShouldBeNull();
            VectorOf(named, "old").ShouldBeNull();
        }
    }

    [Fact]
    public void What_is_no_dense_vector_is_none()
    {
        VectorOf(new RetrievedPoint()).ShouldBeNull();
        VectorSpanOf(new RetrievedPoint()).IsEmpty.ShouldBeTrue();
        var sparse = new VectorOutput { Sparse = new SparseVector { Values = { 1f }, Indices = { 3 } } };
        VectorOf(new RetrievedPoint { Vectors = new VectorsOutput { Vector = sparse } }).ShouldBeNull();
    }

    [Fact]
    public void A_version_is_read_and_older_ones_are_not_supported()
    {
        QdrantServer.Of("qdrant", "1.19.0-dev").Version.ShouldBe(new Version(1, 19, 0));
        QdrantServer.Of("qdrant", "v1.16.3").IsSupported.ShouldBeTrue();
        QdrantServer.Of("qdrant", "1.16.3").ClaimsUpdateMode.ShouldBeFalse();
        QdrantServer.Of("qdrant", "1.17.0").ClaimsUpdateMode.ShouldBeTrue();
        QdrantServer.Of("qdrant", "1.15.9").IsSupported.ShouldBeFalse();
        QdrantServer.Of("qdrant", "nightly").Version.ShouldBe(new Version(0, 0, 0));
    }

    [Fact]
    public void A_monotone_filter_excludes_newer_stamps_so_that_unstamped_points_match()
    {
        var condition = StampFilters.OlderThan(Revision.Of(3, 5)).MustNot.ShouldHaveSingleItem();
        condition.Field.Key.ShouldBe("_driftguard.r");
        condition.Field.Range.Gte.ShouldBe(Revision.Of(3, 5).Value);
    }

    [Fact]
    public void Insert_only_is_the_filter_of_no_ids() =>
        StampFilters.Nothing().Must.ShouldHaveSingleItem().HasId.HasId.ShouldBeEmpty();

    [Fact]
    public void Compare_and_set_names_content_hash_and_revision()
    {
        var filter = StampFilters.Stamped("aa", Revision.Of(1, 2));
        filter.Must[0].Field.Key.ShouldBe(StampPayload.ContentHashPath);
        filter.Must[0].Field.Match.Keyword.ShouldBe("aa");
        filter.Must[1].Field.Match.Integer.ShouldBe(Revision.Of(1, 2).Value);
    }

    private static VectorOutput Dense(float[] values) => new() { Dense = new DenseVector { Data = { values } } };

#pragma warning disable CS0612 // The form that 1.16 answers in.
    private static VectorOutput Deprecated(float[] values) => new() { Data = { values } };
#pragma warning restore CS0612
}
