using CsCheck;

namespace DriftGuard.State.Tests;

public sealed class VectorBlobTests
{
    [Fact]
    public void Components_are_little_endian_singles() =>
        VectorBlob.Write([1f, -2f]).ShouldBe([0x00, 0x00, 0x80, 0x3f, 0x00, 0x00, 0x00, 0xc0]);

    [Fact]
    public void What_was_written_is_read_bit_by_bit() => Gen.Float.Array.Sample(vector =>
        VectorBlob.Read(VectorBlob.Write(vector)).Select(BitConverter.SingleToInt32Bits).SequenceEqual(vector.Select(BitConverter.SingleToInt32Bits)));

    [Fact]
    public void Several_vectors_are_read_as_they_were() =>
        VectorBlob.Read(VectorBlob.Write((float[][])[[1, 2, 3], [4, 5, 6]]), 3).ShouldBe((float[][])[[1, 2, 3], [4, 5, 6]]);

    [Fact]
    public void Vectors_of_different_lengths_are_refused() =>
        Should.Throw<ArgumentException>(() => VectorBlob.Write((float[][])[[1, 2], [3]]));

    [Fact]
    public void Bytes_that_are_no_whole_number_of_vectors_are_refused()
    {
        Should.Throw<StateException>(() => VectorBlob.Read(new byte[7])).Message.ShouldContain("7 bytes");
        Should.Throw<StateException>(() => VectorBlob.Read(new byte[8], 3)).Message.ShouldContain("3 components");
    }
}
