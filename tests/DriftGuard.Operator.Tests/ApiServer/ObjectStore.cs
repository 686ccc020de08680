using System.Globalization;
using System.Text.Json.Nodes;

namespace DriftGuard.Operator.Tests.ApiServer;

/// <summary>A change of an object, as a watch tells it.</summary>
internal sealed record Change(long Version, string Plural, string Namespace, string Type, JsonObject Object);

/// <summary>
/// The objects of a cluster, as an API server keeps them: versions, generations, schemas with defaults and rules, finalizers, conflicts, what is owned goes with
/// its owner, and everything that changed since a version.
/// </summary>
internal sealed class ObjectStore(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly List<Change> _changes = [];
    private long _version = 100;
    private TaskCompletionSource _changed = New();

    /// <summary>Of versions before this one nothing is known any more.</summary>
    public long Oldest { get; private set; } = 100;

    public long Version
    {
        get
        {
            lock (_lock)
            {
                return _version;
            }
        }
    }

    /// <summary>Every change that there was, in its order.</summary>
    public IReadOnlyList<Change> History
    {
        get
        {
            lock (_lock)
            {
                return [.. _changes];
            }
        }
    }

    public JsonObject Get(string plural, string space, string name)
    {
        lock (_lock)
        {
            return Copy(Existing(plural, space, name));
        }
    }

    public IReadOnlyList<JsonObject> List(string plural, string? space, string? selector = null)
    {
        lock (_lock)
        {
            return [.. _objects.Where(entry => entry.Key.StartsWith(space is null ? $"{plural}/" : $"{plural}/{space}/", StringComparison.Ordinal)).Select(entry => entry.Value).Where(o => Has(o, selector)).Select(Copy)];
        }
    }

    public JsonObject Create(string plural, string space, JsonObject given)
    {
        lock (_lock)
        {
            var made = Copy(given);
            var metadata = made["metadata"]!.AsObject();
            var name = (string)metadata["name"]!;
            if (_objects.ContainsKey(Key(plural, space, name)))
            {
                throw new ApiRefusal(409, "AlreadyExists", $"{plural} \"{name}\" already exists");
            }

            metadata["namespace"] = space;
            metadata["uid"] = Guid.NewGuid().ToString();
            metadata["creationTimestamp"] = Now();
            if (CrdOf(plural) is { } crd)
            {
                metadata["generation"] = 1L;
                made.Remove("status");
                Admit(made, null, crd);
            }

            return Copy(Put("ADDED", plural, made));
        }
    }

    /// <summary>Changes an object by a merge patch (RFC 7386).</summary>
    public JsonObject Patch(string plural, string space, string name, JsonObject patch, bool status)
    {
        lock (_lock)
        {
            var before = Existing(plural, space, name);
            return Change(plural, before, Merge(Copy(before), patch), (string?)patch["metadata"]?["resourceVersion"], status);
        }
    }

    /// <summary>Changes an object to another one.</summary>
    public JsonObject Update(string plural, string space, string name, JsonObject given, bool status)
    {
        lock (_lock)
        {
            return Change(plural, Existing(plural, space, name), Copy(given), (string?)given["metadata"]?["resourceVersion"], status);
        }
    }

    public void Delete(string plural, string space, string name)
    {
        lock (_lock)
        {
            var before = Existing(plural, space, name);
            if (before["metadata"]!["finalizers"] is JsonArray { Count: > 0 })
            {
                if (before["metadata"]!["deletionTimestamp"] is null)
                {
                    var marked = Copy(before);
                    marked["metadata"]!["deletionTimestamp"] = Now();
                    marked["metadata"]!["generation"] = (marked["metadata"]!["generation"]?.AsLong() ?? 1) + 1;
                    Put("MODIFIED", plural, marked);
                }

                return;
            }

            Remove(plural, before);
        }
    }

    /// <summary>Forgets what changed so far: a watch from there on is told that it is gone.</summary>
    public void Compact()
    {
        lock (_lock)
        {
            Oldest = _version;
        }
    }

    /// <summary>What changed of a kind since a version; and completes when there is more.</summary>
    public (IReadOnlyList<Change> Changes, Task More) Since(long version, string plural, string? space)
    {
        lock (_lock)
        {
            if (_changed.Task.IsCompleted)
            {
                _changed = New();
            }

            return ([.. _changes.Where(change => change.Version > version && change.Plural == plural && (space is null || change.Namespace == space))], _changed.Task);
        }
    }

    private JsonObject Change(string plural, JsonObject before, JsonObject given, string? version, bool status)
    {
        var metadata = before["metadata"]!.AsObject();
        if (version is not null && version != (string?)metadata["resourceVersion"])
        {
            throw new ApiRefusal(409, "Conflict", $"Operation cannot be fulfilled on {plural} \"{metadata["name"]}\": the object has been modified");
        }

        var after = Copy(given);
        after["metadata"]!["resourceVersion"] = (string?)metadata["resourceVersion"];
        if (CrdOf(plural) is { } crd)
        {
            // Each of the two endpoints changes its own part alone.
            foreach (var part in status ? new[] { "spec", "metadata" } : ["status"])
            {
                after[part] = before[part]?.DeepClone();
            }

            Admit(after, before, crd);
            if (!status)
            {
                foreach (var fixed_ in new[] { "uid", "creationTimestamp", "generation", "deletionTimestamp", "namespace", "name" })
                {
                    if (metadata[fixed_] is { } kept)
                    {
                        after["metadata"]![fixed_] = kept.DeepClone();
                    }
                }

                if (!JsonNode.DeepEquals(after["spec"], before["spec"]))
                {
                    after["metadata"]!["generation"] = metadata["generation"]!.AsLong() + 1;
                }
            }
        }

        if (JsonNode.DeepEquals(Bare(after), Bare(before)))
        {
            return Copy(before);
        }

        if (after["metadata"]!["deletionTimestamp"] is not null && after["metadata"]!["finalizers"] is not JsonArray { Count: > 0 })
        {
            Remove(plural, after);
            return Copy(after);
        }

        return Copy(Put("MODIFIED", plural, after));
    }

    private static JsonObject Bare(JsonObject value)
    {
        var bare = Copy(value);
        bare["metadata"]!.AsObject().Remove("resourceVersion");
        foreach (var nothing in bare["metadata"]!.AsObject().Where(member => member.Value is null).Select(member => member.Key).ToList())
        {
            bare["metadata"]!.AsObject().Remove(nothing);
        }

        if (bare["status"] is null)
        {
            bare.Remove("status");
        }

        return bare;
    }

    private static void Admit(JsonObject value, JsonObject? before, Crd crd)
    {
        if (value["status"] is null)
        {
            value.Remove("status");
        }

        StructuralSchema.PruneAndDefault(value, crd.Schema);
        if (StructuralSchema.Problems(value, before, crd.Schema).ToList() is { Count: > 0 } problems)
        {
            throw new ApiRefusal(422, "Invalid", $"{crd.Kind} \"{value["metadata"]!["name"]}\" is invalid: {string.Join("; ", problems)}");
        }
    }

    private JsonObject Put(string type, string plural, JsonObject value)
    {
        value["metadata"]!["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
        var (space, name) = ((string)value["metadata"]!["namespace"]!, (string)value["metadata"]!["name"]!);
        _objects[Key(plural, space, name)] = value;
        Tell(type, plural, space, value);
        return value;
    }

    private void Remove(string plural, JsonObject value)
    {
        var metadata = value["metadata"]!;
        var (space, uid) = ((string)metadata["namespace"]!, (string)metadata["uid"]!);
        _objects.Remove(Key(plural, space, (string)metadata["name"]!));
        var last = Copy(value);
        last["metadata"]!["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
        Tell("DELETED", plural, space, last);
        foreach (var (key, owned) in _objects.Where(entry => Owners(entry.Value).Contains(uid, StringComparer.Ordinal)).ToList())
        {
            Delete(key.Split('/')[0], space, (string)owned["metadata"]!["name"]!);
        }
    }

    private void Tell(string type, string plural, string space, JsonObject value)
    {
        _changes.Add(new(_version, plural, space, type, Copy(value)));
        _changed.TrySetResult();
    }

    private JsonObject Existing(string plural, string space, string name) =>
        _objects.GetValueOrDefault(Key(plural, space, name)) ?? throw new ApiRefusal(404, "NotFound", $"{plural} \"{name}\" not found");

    private static IEnumerable<string> Owners(JsonObject value) => (value["metadata"]!["ownerReferences"]?.AsArray() ?? []).Select(owner => (string)owner!["uid"]!);

    private static bool Has(JsonObject value, string? selector) =>
        selector is null || selector.Split(',').Select(part => part.Split('=')).All(part => (string?)value["metadata"]!["labels"]?[part[0]] == part[1]);

    private static JsonObject Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            if (value is null)
            {
                target.Remove(key);
            }
            else
            {
                target[key] = value is JsonObject inner ? Merge(target[key] is JsonObject there ? there.DeepClone().AsObject() : [], inner) : value.DeepClone();
            }
        }

        return target;
    }

    private static Crd? CrdOf(string plural) => Crd.All.FirstOrDefault(crd => crd.Plural == plural);

    private static string Key(string plural, string space, string name) => $"{plural}/{space}/{name}";

    private string Now() => time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static JsonObject Copy(JsonObject value) => value.DeepClone().AsObject();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
