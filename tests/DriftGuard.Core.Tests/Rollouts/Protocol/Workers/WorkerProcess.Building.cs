using System.Globalization;
using DriftGuard.Core.Points;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Tests.Rollouts.Protocol.Histories;
using DriftGuard.Core.Tests.Rollouts.Protocol.Qdrant;

namespace DriftGuard.Core.Tests.Rollouts.Protocol.Workers;

/// <summary>The steps up to a green that is complete and judged.</summary>
internal sealed partial class WorkerProcess
{
    private const int BatchSize = 2;
    private const int CanaryId = 1_000;

    private static readonly int[] PartitionStarts = [0, 3];

    private IEnumerable<Call> Preflight()
    {
        after = after with { Preflight = new(false, "", null) };
        yield break;
    }

    private IEnumerable<Call> EnableIndexing()
    {
        after = after with { IndexingEnabled = true };
        yield break;
    }

    private IEnumerable<Call> CreateGreen()
    {
        var rollout = after;
        yield return new Call<Done>(CallKind.Collections, $"create {rollout.Green}", () =>
        {
            world.Qdrant.Create(rollout.Green, rollout.ToFingerprint);
            return new(0);
        });
        if (Is(Mutation.WrittenThroughAnAlias))
        {
            yield return Change("point an alias to green", [new AliasMove.Point(ShadowAlias, rollout.Green)]);
        }

        foreach (var sequenceOfWrite in (uint[])[2, 1])
        {
            var revision = Revision.Of(0, sequenceOfWrite);
            yield return Upsert(rollout.Green, [(CanaryId, SimulatedPoint.Stamped("canary", 0, "canary", revision))], revision);
        }

        var found = Retrieve(rollout.Green, [CanaryId]);
        yield return found;
        yield return new Call<Done>(CallKind.Data, "delete the canary", () => Answer(world.Qdrant.Remove(rollout.Green, CanaryId)));
        if (found.Answer.GetValueOrDefault(CanaryId) is { Stamp.Revision.Sequence: 1 })
        {
            // An error for people, and tried again: a late delete of an earlier try can look so.
            yield return Wait(TimeSpan.FromSeconds(1));
            yield break;
        }

        after = rollout with { GreenCreated = true };
    }

    private IEnumerable<Call> PlanPartitions()
    {
        var rollout = after;
        yield return new Call<Done>(CallKind.State, "plan partitions", () => world.State.AddPartitions(rollout.Id, PartitionStarts.Index().Select(start => new Partition(
            rollout.Id, start.Index, Text(start.Item), start.Index + 1 < PartitionStarts.Length ? Text(PartitionStarts[start.Index + 1]) : null, Text(start.Item), 0, 0, 0, false))));
        after = rollout with { PartitionsPlanned = PartitionStarts.Length };
    }

    private IEnumerable<Call> CopyPartitions()
    {
        var rollout = after;
        foreach (var partition in world.State.Partitions(rollout.Id).Where(p => !p.Done))
        {
            copies.TryAdd((rollout.Id, partition.Ordinal), Copy(rollout, partition.Ordinal).GetEnumerator());
        }

        yield return Wait(TimeSpan.FromMilliseconds(250));
    }

    /// <summary>Reads one batch ahead of what it writes, and moves the cursor once a batch is acknowledged.</summary>
    private IEnumerable<Call> Copy(Rollout rollout, int ordinal)
    {
        var claimed = new Call<Partition>(CallKind.State, $"claim partition {ordinal}", () => world.State.Claim(rollout.Id, ordinal));
        yield return claimed;
        var partition = claimed.Answer;
        if (partition.Done)
        {
            yield break;
        }

        var end = partition.End is null ? int.MaxValue : int.Parse(partition.End, CultureInfo.InvariantCulture);
        var cursor = int.Parse(partition.Cursor, CultureInfo.InvariantCulture);
        int? next = cursor;
        var ahead = new Queue<Page>();
        while (next is not null || ahead.Count > 0)
        {
            while (next is { } start && ahead.Count < 2)
            {
                var read = Scroll(rollout.Blue, start, BatchSize, end);
                yield return read;
                ahead.Enqueue(read.Answer);
                next = read.Answer.Next;
            }

            var page = ahead.Dequeue();
            if (page.Points.Count > 0)
            {
                if (epoch is null)
                {
                    yield return TakeEpoch();
                }

                var revision = NextRevision();
                yield return Upsert(rollout.Green, Embedded(page.Points, rollout.ToFingerprint, revision), revision);
            }

            cursor = page.Next ?? (end == int.MaxValue ? cursor : end);
            yield return Advance(rollout.Id, partition, cursor, done: false);
        }

        yield return Advance(rollout.Id, partition, cursor, done: true);
    }

    private Call<Done> Advance(string id, Partition partition, int cursor, bool done) =>
        new(CallKind.State, $"move the cursor of partition {partition.Ordinal} to {cursor}", () => world.State.Advance(id, partition.Ordinal, partition.Attempt, Text(cursor), done));

    private IEnumerable<Call> Evaluate(RolloutObservation seen)
    {
        var rollout = after;
        yield return Wait(TimeSpan.FromMilliseconds(10));
        var gate = RolloutExample.Gate(world.NextGate(), world.Now) with { AfterPass = rollout.LastPass?.Number ?? 0, AfterRequest = seen.Requests.Latest };
        after = rollout with { Gate = gate with { EvaluationId = $"{rollout.Id} after {gate.AfterPass} at {gate.At:O}" } };
    }

    private IEnumerable<Call> CheckSoak()
    {
        var rollout = after;
        yield return Wait(TimeSpan.FromMilliseconds(10));
        after = rollout with { LastSoakCheck = RolloutExample.Soak(rollout.LastSoakCheck, world.NextSoakIsWorse() ? SoakVerdict.Worse : SoakVerdict.Fine, world.Now) };
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
