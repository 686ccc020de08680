using System.Collections.Concurrent;
using DriftGuard.Embedding;

namespace DriftGuard.Worker.Models;

/// <summary>The embedding models of an installation, each opened and verified when it is first asked for.</summary>
/// <param name="open">Opens a model by its name; throws what a person can read.</param>
public sealed class ModelPool(Func<string, ITextEmbedder> open) : IDisposable
{
    private readonly ConcurrentDictionary<string, Slot> models = new(StringComparer.Ordinal);

    /// <summary>What callers get in place of a model that was opened, which the pool disposes of; the model itself unless set before the first is asked for.</summary>
    internal Func<ITextEmbedder, ITextEmbedder> Lend { get; set; } = model => model;

    /// <summary>The model of a name.</summary>
    /// <exception cref="ModelException">It is missing, malformed, or not the file that its spec pins.</exception>
    public ITextEmbedder Get(string name) => models.GetOrAdd(name, static _ => new()).Get(() => Lend(open(name)));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var slot in models.Values)
        {
            slot.Dispose();
        }
    }

    /// <summary>
    /// A model costs sessions and threads, so two callers at a time open one; a failure is not kept: the file may be mended by the next call.
    /// </summary>
    private sealed class Slot : IDisposable
    {
        private readonly Lock opening = new();
        private volatile ITextEmbedder? model;

        public ITextEmbedder Get(Func<ITextEmbedder> open)
        {
            if (model is { } opened)
            {
                return opened;
            }

            lock (opening)
            {
                return model ??= open();
            }
        }

        public void Dispose()
        {
            lock (opening)
            {
                (model as IDisposable)?.Dispose();
            }
        }
    }
}
