using DriftGuard.Core.Points;

namespace DriftGuard.Core.Tests.Indexes;

public sealed class ChunkIdTests
{
    [Fact]
    public void Chunks_of_documents_have_ids_of_their_own_that_never_change()
    {
        PointId.FromChunk("doc-1", "0").ToString().ShouldBe(PointId.FromUuid(TextId.ToUuid("chunk 5 doc-1 0")).ToString());
        PointId.FromChunk("doc-1", "0").ShouldNotBe(PointId.FromChunk("doc-1", "1"));
        PointId.FromChunk("a", "b c").ShouldNotBe(PointId.FromChunk("a b", "c"), "no two pairs make one name");
        PointId.FromChunk("7", "0").IsNumber.ShouldBeFalse();
    }

    [Theory]
    [InlineData("", "0")]
    [InlineData("a", "")]
    public void A_chunk_without_a_document_or_a_name_is_refused(string document, string chunk) =>
        Should.Throw<ArgumentException>(() => PointId.FromChunk(document, chunk));
}
