using DriftGuard.Core.Tests.Rollouts.Protocol.Qdrant;
using DriftGuard.Core.Tests.Rollouts.Protocol.Workers;

namespace DriftGuard.Core.Tests.Rollouts.Protocol.Applications;

/// <summary>What an application does to a document.</summary>
internal enum WriteKind
{
    Upsert,
    Delete,

    /// <summary>SetPayload of another field: the stamp stays.</summary>
    EditOther,

    /// <summary>SetPayload of the text, then UpdateVectors: the stamp stays.</summary>
    EditText,

    /// <summary>Upsert of a point as it was read, with a new text and vector and the old stamp.</summary>
    UpsertWithOldStamp,

    /// <summary>SetPayload of the text alone.</summary>
    SetText,

    /// <summary>UpdateVectors alone.</summary>
    SetVector,
}

/// <summary>One write, addressed to a collection; the application embeds with that collection's model.</summary>
internal sealed record ApplicationWrite(WriteKind Kind, int Id, string Text, int Other, SimulatedCollection Target)
{
    /// <summary>The mark of one that goes through DriftGuard: an upsert or a delete, under the revision of the mark. Null for others.</summary>
    public OutboxMark? Mark { get; init; }

    /// <summary>Applies it.</summary>
    /// <returns>False if the point is not there to be edited: the application is told so.</returns>
    public bool Apply()
    {
        var points = Target.Points;
        var there = points.GetValueOrDefault(Id);
        if (Mark is { Revision: var revision } && there?.Stamp?.Revision >= revision)
        {
            // One that was marked later has come first.
            Target.Count(Id);
            return true;
        }

        SimulatedPoint? after = Kind switch
        {
            WriteKind.Upsert when Mark is { } mark => SimulatedPoint.Stamped(Text, Other, Target.Fingerprint, mark.Revision),
            WriteKind.Upsert => new(Text, Other, Embedded(Text), null),
            WriteKind.UpsertWithOldStamp => new(Text, Other, Embedded(Text), there?.Stamp),
            WriteKind.EditOther => there is null ? null : there with { Other = Other },
            WriteKind.SetText => there is null ? null : there with { Text = Text },
            WriteKind.SetVector => there is null ? null : there with { Vector = Embedded(there.Text) },
            WriteKind.EditText => there is null ? null : there with { Text = Text, Vector = Embedded(Text) },
            _ => null,
        };
        if (after is null && Kind is WriteKind.EditOther or WriteKind.EditText or WriteKind.SetText or WriteKind.SetVector && there is null)
        {
            return false;
        }

        if (after is null)
        {
            points.Remove(Id);
        }
        else
        {
            points[Id] = after;
        }

        Target.Count(Id);
        return true;
    }

    private Vector Embedded(string text) => new(Target.Fingerprint, text);
}

/// <summary>What the application may find of each document: what was acknowledged last, or what it was never told about after that.</summary>
internal sealed class AcknowledgedWrites
{
    private readonly Dictionary<int, List<(string Text, int Other)?>> allowed = [];

    public IEnumerable<int> Ids => allowed.Keys;

    public void Acknowledged(int id, SimulatedPoint? now) => allowed[id] = [Content(now)];

    public void Unanswered(int id, SimulatedPoint? now)
    {
        if (!allowed.TryGetValue(id, out var states))
        {
            allowed[id] = states = [null];
        }

        states.Add(Content(now));
    }

    /// <summary>Holds what the collection has against what may be found there.</summary>
    public void Require(SimulatedCollection collection, string when)
    {
        foreach (var (id, states) in allowed)
        {
            var found = collection.Points.GetValueOrDefault(id);
            if (!states.Contains(Content(found)))
            {
                var wanted = states[0] is { } content ? $"{content.Text} with {content.Other}" : "none";
                throw new InvariantViolation(
                    states[0] is null ? 3 : 2, $"{when}, {collection.Name} has {(found is null ? "no" : $"{found.Text} with {found.Other} as")} document {id}; acknowledged was {wanted}");
            }
        }

        foreach (var id in collection.Points.Keys.Where(id => !allowed.ContainsKey(id)))
        {
            throw new InvariantViolation(3, $"{when}, {collection.Name} has a document {id} that nobody wrote");
        }
    }

    private static (string Text, int Other)? Content(SimulatedPoint? point) => point is null ? null : (point.Text, point.Other);
}
