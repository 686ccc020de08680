using System.Text.Json;
using DriftGuard.Operator.Resources;

namespace DriftGuard.Operator.Hosting;

/// <summary>Knows which resources are to be looked at when another changes: those that name it.</summary>
/// <param name="queues">Where they wait.</param>
internal sealed class Dependents(IReadOnlyDictionary<ResourceKind, WorkQueue> queues)
{
    private readonly Lock _lock = new();
    private readonly HashSet<ResourceKey> _indexes = [];
    private readonly HashSet<ResourceKey> _checks = [];

    /// <summary>A resource is there, has changed or is gone.</summary>
    public void Changed(ResourceKey key, JsonElement resource)
    {
        queues[key.Kind].Add(key);
        List<ResourceKey> more = [];
        lock (_lock)
        {
            if (key.Kind == ResourceKind.EmbeddingIndex)
            {
                _indexes.Add(key);
                more.AddRange(_checks.Where(check => check.Namespace == key.Namespace));
            }
            else if (key.Kind == ResourceKind.DriftCheck)
            {
                _checks.Add(key);
            }
            else if (key.Kind == ResourceKind.Rollout)
            {
                var named = resource.TryGetProperty("spec", out var spec) && spec.TryGetProperty("indexRef", out var reference) && reference.TryGetProperty("name", out var name) ? name.GetString() : null;
                more.AddRange(_indexes.Where(index => index.Namespace == key.Namespace && index.Name == named));
            }
            else
            {
                more.AddRange(_indexes.Where(index => index.Namespace == key.Namespace));
            }
        }

        more.ForEach(other => queues[other.Kind].Add(other));
    }

    /// <summary>A resource is not there any more.</summary>
    public void Gone(ResourceKey key)
    {
        lock (_lock)
        {
            _indexes.Remove(key);
            _checks.Remove(key);
        }
    }
}
