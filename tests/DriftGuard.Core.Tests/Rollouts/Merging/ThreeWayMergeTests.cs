using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts.Merging;
using DriftGuard.Core.Rollouts.Proof;

namespace DriftGuard.Core.Tests.Rollouts.Merging;

/// <summary>What of a late write to the old side is carried over, for every state that both sides can be in.</summary>
public sealed class ThreeWayMergeTests
{
    private const string Model = "new";

    private static readonly Revision AtTheSwitch = Revision.Of(7, 100);
    private static readonly PointDigest AtFirst = new("text", "payload");
    private static readonly PointDigest OtherText = new("another text", "its payload");
    private static readonly PointDigest OtherPayload = new("text", "another payload");
    private static readonly PointDigest NoText = new(null, "a payload without text");
    private static readonly Stamp AsCopied = new(Model, "text", "payload", "sketch", Revision.Of(7, 3));

    private static readonly PointDigest?[] OldSides = [null, AtFirst, OtherText, OtherPayload, NoText];

    /// <summary>What applications do to a point of the new side after the switch.</summary>
    private static readonly (string What, PointDigest New, Stamp? Stamp)[] ChangedSince =
    [
        ("upserted", OtherText, null),
        ("upserted as it was", AtFirst, null),
        ("text set in place", OtherText, AsCopied),
        ("payload set in place", OtherPayload, AsCopied),
        ("text taken away", NoText, AsCopied),
        ("loaded again", OtherText, new(Model, "another text", "its payload", "sketch", Revision.Of(8, 1))),
        ("stamped by another model", AtFirst, AsCopied with { Fingerprint = "third" }),
        ("set in place while an update was pending", OtherText, AsCopied with { Pending = "n" }),
    ];

    [Fact]
    public void Where_the_new_side_has_changed_since_the_switch_it_wins_whatever_the_old_side_holds()
    {
        foreach (var (what, now, stamp) in ChangedSince)
        {
            foreach (var old in OldSides)
            {
                Judge(new(true, old, now, stamp)).ShouldBe(LateWrite.None, what);
                Judge(new(false, old, now, stamp)).ShouldBe(LateWrite.None, what);
            }
        }
    }

    [Fact]
    public void Where_it_has_not_what_differs_on_the_old_side_is_carried_over()
    {
        foreach (var known in new[] { false, true })
        {
            Judge(new(known, AtFirst, AtFirst, AsCopied)).ShouldBe(LateWrite.None);
            Judge(new(known, OtherText, AtFirst, AsCopied)).ShouldBe(LateWrite.Edited);
            Judge(new(known, NoText, AtFirst, AsCopied)).ShouldBe(LateWrite.Edited);
            Judge(new(known, OtherPayload, AtFirst, AsCopied)).ShouldBe(LateWrite.PayloadEdited);
            Judge(new MergedPoint(known, AtFirst, AtFirst, AsCopied) { OtherVectorsDiffer = true }).ShouldBe(LateWrite.Edited);
        }
    }

    [Fact]
    public void Only_an_id_of_the_switch_that_is_missing_on_the_old_side_was_deleted_there()
    {
        Judge(new(true, null, AtFirst, AsCopied)).ShouldBe(LateWrite.Deleted);
        Judge(new(false, null, AtFirst, AsCopied)).ShouldBe(LateWrite.None, "an application added it after the switch");
    }

    [Fact]
    public void What_is_missing_on_the_new_side_is_added_only_if_it_was_not_there_at_the_switch()
    {
        foreach (var old in OldSides)
        {
            Judge(new(true, old, null, null)).ShouldBe(LateWrite.None, "it was deleted there after the switch");
            Judge(new(false, old, null, null)).ShouldBe(old is null ? LateWrite.None : LateWrite.Added);
            Judge(new MergedPoint(false, old, null, null) { Parked = true }).ShouldBe(LateWrite.None, "it cannot be embedded");
        }
    }

    [Fact]
    public void An_update_of_the_merge_that_was_cut_off_is_made_again()
    {
        var pending = new Stamp(Model, "another text", "its payload", "sketch", Revision.Of(9, 1), "n");

        Judge(new(true, OtherText, OtherText, pending)).ShouldBe(LateWrite.Edited);
        Judge(new(true, AtFirst, OtherText, pending)).ShouldBe(LateWrite.Edited);
        Judge(new(true, null, OtherText, pending)).ShouldBe(LateWrite.Deleted);
    }

    [Fact]
    public void What_the_merge_itself_has_written_is_left_when_it_is_run_again()
    {
        var merged = new Stamp(Model, "another text", "its payload", "sketch", Revision.Of(9, 1));

        foreach (var old in OldSides)
        {
            Judge(new(true, old, OtherText, merged)).ShouldBe(LateWrite.None);
            Judge(new(false, old, OtherText, merged)).ShouldBe(LateWrite.None);
        }
    }

    private static LateWrite Judge(MergedPoint point) => ThreeWayMerge.Judge(point, Model, AtTheSwitch);
}
