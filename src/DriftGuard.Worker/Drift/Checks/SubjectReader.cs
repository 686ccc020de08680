using DriftGuard.Core.Indexes;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Drift.Baselines;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Sources;

namespace DriftGuard.Worker.Drift.Checks;

/// <summary>Reads what a check looks at. What contradicts itself is read all the same: that is what the check is for.</summary>
internal sealed class SubjectReader(QdrantStore qdrant, StateStore state, ServingIndexReader indexes, ModelFinder models, BaselineStore baselines, IndexCorpora corpora, DriftGuardOptions options, TimeProvider time)
{
    /// <exception cref="OperatorException">There is no such index.</exception>
    public async Task<DriftSubject> ReadAsync(string index, DriftCheckPlan plan, CancellationToken cancellation)
    {
        var definition = await indexes.DefinitionAsync(index, cancellation);
        var aliases = await qdrant.AliasesAsync(cancellation);
        var name = aliases.TargetOf(index);
        var collection = name is null ? null : await qdrant.FindCollectionAsync(name, cancellation);
        var meter = new EmbeddingMeter(state, time, options.Drift.ProviderTextsPerDay);
        var (modelName, fingerprint) = (collection?.Metadata.GetValueOrDefault(IndexMetadata.Model), collection?.Metadata.GetValueOrDefault(IndexMetadata.Fingerprint));
        var baseline = fingerprint is null ? null : await baselines.LatestAsync(index, fingerprint, cancellation);
        var declared = options.Indexes.FirstOrDefault(i => i.Name == index);
        return new()
        {
            Definition = definition,
            Corpus = corpora.Of(definition),
            Aliases = aliases,
            Collection = collection,
            CollectionName = collection is null ? null : name,
            Model = modelName is null || fingerprint is null ? null : await models.FindAsync(modelName, fingerprint, meter, cancellation),
            Baseline = baseline,
            Options = options.Drift,
            Declared = declared,
            Sample = plan.Sample ?? declared?.Drift?.Index?.Sample ?? options.Drift.Schedules.Index.Sample,
            Seed = plan.Seed,
            At = time.GetUtcNow(),
            Meter = meter,
        };
    }
}
