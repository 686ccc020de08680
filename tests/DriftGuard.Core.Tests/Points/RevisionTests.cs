using CsCheck;
using DriftGuard.Core.Points;

namespace DriftGuard.Core.Tests.Points;

public class RevisionTests
{
    private static readonly Gen<Revision> Any =
        Gen.Select(Gen.Int[0, Revision.MaxEpoch], Gen.UInt).Select(static (epoch, sequence) => Revision.Of(epoch, sequence));

    [Fact]
    public void A_later_epoch_goes_before_any_sequence()
    {
        (Revision.Of(2) > Revision.Of(1, uint.MaxValue)).ShouldBeTrue();
        (Revision.Of(2, 1) > Revision.Of(2)).ShouldBeTrue();
        Revision.Of(7, 120).ToString().ShouldBe("7.120");
    }

    [Fact]
    public void Epoch_and_sequence_come_back_from_the_integer() => Any.Sample(revision =>
        Revision.TryFromValue(revision.Value, out var again) && again == revision
        && Revision.Of(again.Epoch, again.Sequence) == revision);

    [Fact]
    public void The_order_survives_as_doubles_which_is_how_Qdrant_compares_ranges() => Gen.Select(Any, Any).Sample((a, b) =>
        ((double)a.Value).CompareTo(b.Value) == a.CompareTo(b) && (a < b) == ((double)a.Value < b.Value));

    [Theory]
    [InlineData(-1L)]
    [InlineData(1L << 53)]
    [InlineData(long.MaxValue)]
    public void An_integer_outside_is_no_revision(long value) => Revision.TryFromValue(value, out _).ShouldBeFalse();

    [Fact]
    public void An_epoch_outside_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Revision.Of(-1));
        Should.Throw<ArgumentOutOfRangeException>(() => Revision.Of(Revision.MaxEpoch + 1));
    }
}
