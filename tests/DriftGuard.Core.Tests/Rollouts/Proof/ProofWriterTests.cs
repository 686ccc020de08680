using CsCheck;
using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Rollouts.Proof;
using Microsoft.Extensions.Time.Testing;

namespace DriftGuard.Core.Tests.Rollouts.Proof;

public sealed class ProofWriterTests
{
    private static readonly FakeTimeProvider Time = new(RolloutExample.Start);

    /// <summary>Numbers below and above the border, then UUIDs; text 0 is none.</summary>
    private static readonly Gen<(int Id, int Text, int Payload)[]> Corpus = Gen.Select(Gen.Int[0, 40], Gen.Int[0, 5], Gen.Int[0, 3]).Array[0, 40]
        .Select(points => points.DistinctBy(p => p.Item1).OrderBy(p => p.Item1).ToArray());

    [Fact]
    public void Any_single_change_of_either_side_is_found_and_named() => Gen.Select(Corpus, Gen.Int[0, 40], Gen.Int[0, 5], Gen.Int[0, 3], Gen.Bool, Gen.Bool).Sample((points, id, text, payload, remove, left) =>
    {
        var changed = points.Where(p => p.Id != id).Concat(remove ? [] : [(id, text, payload)]).OrderBy(p => p.Item1).ToArray();
        var same = changed.SequenceEqual(points);

        var proofs = left ? Prove(changed, points) : Prove(points, changed);

        proofs.All(p => p.IsClean).ShouldBe(same);
        proofs.Sum(p => p.Differing).ShouldBe(same ? 0 : 1);
        if (!same)
        {
            var proof = proofs.Single(p => !p.IsClean);
            proof.Ordinal.ShouldBe(id < 10 ? 0 : id < 25 ? 1 : 2);
            proof.First.ShouldHaveSingleItem().PointId.ShouldBe(IdOf(id).ToString());
            proof.SourceDigest.ShouldNotBe(proof.TargetDigest);
        }
    });

    [Fact]
    public void Equal_sides_have_equal_digests_that_depend_on_every_point_and_its_partition_only() => Corpus.Sample(points =>
    {
        var (first, again) = (Prove(points, points), Prove(points, points));

        first.ShouldAllBe(p => p.IsClean && p.SourceDigest == p.TargetDigest && p.SourcePoints == p.TargetPoints);
        first.Select(p => p.SourceDigest).ShouldBe(again.Select(p => p.SourceDigest));
        first.Sum(p => p.SourcePoints).ShouldBe(points.Length);
        ProofSummary.Of([.. first]).ShouldSatisfyAllConditions(s => s.IsWhole.ShouldBeTrue(), s => s.Digest.ShouldNotBeNull());
    });

    [Theory]
    [InlineData(ProofDifference.Missing)]
    [InlineData(ProofDifference.Extra)]
    [InlineData(ProofDifference.Text)]
    [InlineData(ProofDifference.Payload)]
    [InlineData(ProofDifference.Stamp)]
    public void Differences_are_told_apart(ProofDifference difference)
    {
        var point = new ComparedPoint(IdOf(1), Digest(1, 1), Digest(1, 1), Stamped: true);
        ProofWriter.DifferenceOf(point).ShouldBeNull();

        ProofWriter.DifferenceOf(difference switch
        {
            ProofDifference.Missing => point with { Target = null, Stamped = false },
            ProofDifference.Extra => point with { Source = null },
            ProofDifference.Text => point with { Target = Digest(2, 2), Stamped = false },
            ProofDifference.Payload => point with { Target = Digest(1, 2) },
            _ => point with { Stamped = false },
        }).ShouldBe(difference);
    }

    [Fact]
    public void A_stamp_of_another_model_is_a_difference_although_the_digests_are_equal()
    {
        using var writer = new ProofWriter(Partitions(), Side.Blue, Time);
        writer.Add(new(IdOf(1), Digest(1, 1), Digest(1, 1), Stamped: false));

        var proof = writer.Finish()[0];

        (proof.SourceDigest == proof.TargetDigest, proof.IsClean).ShouldBe((true, false));
    }

    [Fact]
    public void A_hash_that_is_none_as_in_a_stamp_that_somebody_edited_is_taken_as_it_is()
    {
        using var writer = new ProofWriter(Partitions(), Side.Blue, Time);
        writer.Add(new(IdOf(1), Digest(1, 1), new(new string('z', 64), "short"), Stamped: true));

        writer.Finish()[0].First.ShouldBe([new(IdOf(1).ToString(), ProofDifference.Text)]);
    }

    [Fact]
    public void A_partition_alone_has_the_digest_that_it_has_among_all()
    {
        var points = Enumerable.Range(0, 40).Select(i => (i, 1 + (i % 4), i % 3)).ToArray();

        using var alone = new ProofWriter([Partitions()[1]], Side.Blue, Time);
        foreach (var (id, text, payload) in points.Where(p => p.i is >= 10 and < 25))
        {
            alone.Add(new(IdOf(id), Digest(text, payload), Digest(text, payload), true));
        }

        var proof = alone.Finish().ShouldHaveSingleItem();
        (proof.Ordinal, proof.SourceDigest).ShouldBe((1, Prove(points, points)[1].SourceDigest));
    }

    [Fact]
    public void A_million_points_take_no_more_memory_than_a_thousand()
    {
        long Held(int points)
        {
            using var writer = new ProofWriter(Partitions(), Side.Blue, Time);
            var digest = Digest(1, 1);
            var before = GC.GetTotalMemory(forceFullCollection: true);
            for (var i = 0; i < points; i++)
            {
                writer.Add(new(PointId.FromNumber(100 + (ulong)i), digest, i % 2 == 0 ? digest : null, true));
            }

            var held = GC.GetTotalMemory(forceFullCollection: true) - before;
            writer.Finish().Sum(p => p.SourcePoints).ShouldBe(points);
            return held;
        }

        // The heap is the whole process', and other tests may fill it at the same time: what grows with the points does so every time.
        Held(1_000);
        Enumerable.Range(0, 5).Any(_ => Held(1_000_000) < 200_000).ShouldBeTrue("bytes that are held after a million points, every second of them a difference");
    }

    [Fact]
    public void Proofs_together_say_what_is_proven_and_what_is_not()
    {
        var points = Enumerable.Range(0, 40).Select(i => (i, 1, 1)).ToArray();
        var proofs = Prove(points, points);

        ProofSummary.Of([.. proofs]).Text.ShouldStartWith("40 points of 3 of 3 partitions compared in full, no difference, digest ");
        var part = ProofSummary.Of([proofs[0], null, proofs[2]]);
        (part.Proven, part.IsWhole, part.Digest).ShouldBe((2, false, null));
        ProofSummary.Of([null, null, null]).Text.ShouldBe("not compared yet");
        ProofSummary.Of([.. Prove(points, points[1..])]).Text.ShouldContain("1 differ");
    }

    private static IReadOnlyList<PartitionProof> Prove((int Id, int Text, int Payload)[] source, (int Id, int Text, int Payload)[] target)
    {
        using var writer = new ProofWriter(Partitions(), Side.Blue, Time);
        var (left, right) = (source.ToDictionary(p => p.Id), target.ToDictionary(p => p.Id));
        foreach (var id in left.Keys.Union(right.Keys).Order())
        {
            PointDigest? there = left.TryGetValue(id, out var l) ? Digest(l.Text, l.Payload) : null;
            PointDigest? here = right.TryGetValue(id, out var r) ? Digest(r.Text, r.Payload) : null;
            writer.Add(new(IdOf(id), there, here, Stamped: true));
        }

        return writer.Finish();
    }

    /// <summary>Ids of the first thirty are numbers, the others UUIDs.</summary>
    private static PointId IdOf(int id) => id < 30 ? PointId.FromNumber((ulong)id) : PointId.FromUuid(new Guid(id, 0, 0, new byte[8]));

    private static Partition[] Partitions() =>
    [
        new("docs-r1", 0, "0", IdOf(10).ToString(), "0", 0, 0, 0, true),
        new("docs-r1", 1, IdOf(10).ToString(), IdOf(25).ToString(), "0", 0, 0, 0, true),
        new("docs-r1", 2, IdOf(25).ToString(), null, "0", 0, 0, 0, true),
    ];

    private static PointDigest Digest(int text, int payload) => new(text == 0 ? null : ContentHash.Of($"text {text}"), ContentHash.Of($"payload {payload} {text}"));
}
