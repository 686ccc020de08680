using DriftGuard.Core.Indexes;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.Testing.Models;

namespace DriftGuard.Chaos.Tests.Workload;

/// <summary>Which model an application embeds with: that of the collection it writes to, looked up again whenever a write is refused.</summary>
/// <param name="qdrant">Direct to Qdrant.</param>
/// <param name="index">The index.</param>
/// <param name="fenced">Whether writes go through the write alias; otherwise through the index's own, where no fence can hold them.</param>
/// <param name="models">The models by name.</param>
internal sealed class Route(QdrantStore qdrant, string index, bool fenced, IReadOnlyDictionary<string, WordModel> models)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private WordModel? _model;

    /// <summary>The alias that is written through.</summary>
    public string Alias { get; } = fenced ? WriteFence.WriteAlias(index) : index;

    /// <summary>The model that serves; waits while writes are held.</summary>
    public async Task<WordModel> ModelAsync(CancellationToken cancellation)
    {
        while (_model is null)
        {
            try
            {
                if (await qdrant.FindCollectionAsync(Alias, cancellation) is { } serving)
                {
                    _model = models[serving.Metadata[IndexMetadata.Model]];
                    break;
                }
            }
            catch (QdrantException)
            {
                // Qdrant is down.
            }

            await Task.Delay(LookAgain, cancellation);
        }

        return _model;
    }

    /// <summary>A write was refused: the route may be another.</summary>
    public void Forget() => _model = null;
}
