using DriftGuard.Core.Points;
using DriftGuard.Core.Tests.Rollouts.Protocol.Histories;
using DriftGuard.Core.Tests.Rollouts.Protocol.Qdrant;

namespace DriftGuard.Core.Tests.Rollouts.Protocol.Workers;

/// <summary>A page of a scroll.</summary>
/// <param name="Points">The points in id order.</param>
/// <param name="Next">Where the next page begins; null after the last.</param>
internal sealed record Page(IReadOnlyList<(int Id, SimulatedPoint Point)> Points, int? Next);

/// <summary>How points are read and written.</summary>
internal sealed partial class WorkerProcess
{
    private const string ShadowAlias = "docs-shadow";

    /// <summary>From an id to before another; points about which replicas disagree are left out.</summary>
    private Call<Page> Scroll(string collection, int from, int limit, int end = int.MaxValue) => new(CallKind.Read, $"scroll {collection} from {from}", () =>
    {
        if (world.Qdrant.Find(collection) is not { } there)
        {
            return null;
        }

        var points = there.Points.Where(p => p.Key >= from && p.Key < end && !there.Diverging.Contains(p.Key)).Take(limit + 1).ToList();
        return new([.. points.Take(limit).Select(p => (p.Key, p.Value))], points.Count > limit ? points[limit].Key : null);
    });

    private Call<Dictionary<int, SimulatedPoint>> Retrieve(string collection, IEnumerable<int> ids) => new(CallKind.Read, $"retrieve from {collection}", () =>
        world.Qdrant.Find(collection) is { } there ? ids.Where(there.Points.ContainsKey).ToDictionary(id => id, id => there.Points[id]) : null);

    private static List<(int Id, SimulatedPoint Point)> Embedded(IEnumerable<(int Id, SimulatedPoint Point)> points, string fingerprint, Revision revision) =>
        [.. points.Select(p => (p.Id, SimulatedPoint.Stamped(p.Point.Text, p.Point.Other, fingerprint, revision)))];

    /// <summary>Applies only over an older revision, or where the point is missing.</summary>
    private Call<Done> Upsert(string collection, IReadOnlyList<(int Id, SimulatedPoint Point)> points, Revision revision)
    {
        var name = Is(Mutation.WrittenThroughAnAlias) && world.Qdrant.Aliases.ContainsKey(ShadowAlias) && collection == world.State.Latest!.Green ? ShadowAlias : collection;
        Condition? olderThan = Is(Mutation.PlainUpsert) ? null : there => !(there.Stamp?.Revision >= revision);
        return new(CallKind.Data, $"upsert {string.Join(", ", points.Select(p => $"{p.Id} ({p.Point.Text})"))} at {revision} into {collection}", () =>
        {
            if (world.Qdrant.Find(name) is not { } target)
            {
                return null;
            }

            if (target.Name != collection)
            {
                throw new InvariantViolation(7, $"a write meant for {collection} reaches {target.Name}");
            }

            var newer = points.Where(p => target.Points.GetValueOrDefault(p.Id)?.Stamp?.Revision > revision).ToList();
            var answer = Answer(world.Qdrant.Upsert(name, points, olderThan));
            return newer.TrueForAll(p => target.Points[p.Id] != p.Point) ? answer
                : throw new InvariantViolation(7, $"a late write at {revision} lowers the revision of {newer[0].Id} in {collection}");
        });
    }

    /// <summary>Deletes a point, if it is still the one that was compared.</summary>
    private Call<Done> Delete(string collection, int id, SimulatedPoint compared)
    {
        Condition? unchanged = Is(Mutation.DeleteByIdAlone) ? null
            : compared.Stamp is { } stamp ? there => there.Stamp is { } found && found.ContentHash == stamp.ContentHash && found.Revision == stamp.Revision
            : there => there.Text == compared.Text && there.Stamp is null;
        return new(CallKind.Data, $"delete {id} ({compared.Text}) from {collection}", () =>
        {
            var there = world.Qdrant.Find(collection)?.Points.GetValueOrDefault(id);
            var answer = Answer(world.Qdrant.Remove(collection, id, unchanged));
            return there is null || there.Stamp == compared.Stamp || world.Qdrant.Find(collection)!.Points.ContainsKey(id) ? answer
                : throw new InvariantViolation(7, $"a late delete of {id} in {collection} takes away what was written after it was decided");
        });
    }

    private static Done? Answer(ulong? operation) => operation is { } number ? new(number) : null;
}
