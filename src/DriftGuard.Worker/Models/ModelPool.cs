using System.Collections.Concurrent;
using DriftGuard.Embedding;

namespace DriftGuard.Worker.Models;

/// <summary>The embedding models of an installation, each opened and verified when it is first asked for.</summary>
/// <param name="open">Opens a model by its name; throws what a person can read.</param>
public sealed class ModelPool(Func<string, ITextEmbedder> open) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<ITextEmbedder>> models = new(StringComparer.Ordinal);

    /// <summary>The model of a name.</summary>
    /// <exception cref="ModelException">It is missing, malformed, or not the file that its spec pins.</exception>
    public ITextEmbedder Get(string name) => models.GetOrAdd(name, n => new(() => open(n), LazyThreadSafetyMode.PublicationOnly)).Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var model in models.Values.Where(m => m.IsValueCreated))
        {
            (model.Value as IDisposable)?.Dispose();
        }
    }
}
