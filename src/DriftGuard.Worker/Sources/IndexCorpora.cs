using DriftGuard.Core.Indexes;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Sources.Files;
using DriftGuard.Worker.Sources.Postgres;

namespace DriftGuard.Worker.Sources;

/// <summary>Gives the corpus of an index. Nothing is read before a text is asked for.</summary>
public sealed class IndexCorpora
{
    private readonly QdrantStore qdrant;
    private readonly SourceSpools spools;
    private readonly PostgresConnections connections;

    internal IndexCorpora(QdrantStore qdrant, SourceSpools spools, PostgresConnections connections) =>
        (this.qdrant, this.spools, this.connections) = (qdrant, spools, connections);

    /// <summary>The corpus of an index, to read texts and the model's own vectors.</summary>
    public IndexCorpus Of(IndexDefinition index) => new(SourceOf(index), index.Vector, []);

    /// <summary>The corpus of an index, to carry a collection's points: with the vectors that other models own.</summary>
    /// <exception cref="OperatorException">The collection is gone, or has no vector that the index' model could make.</exception>
    public async Task<IndexCorpus> OfAsync(IndexDefinition index, string collection, CancellationToken cancellation)
    {
        var found = await qdrant.FindCollectionAsync(collection, cancellation)
            ?? throw new OperatorException(OperatorError.NotFound, $"collection {collection} is gone");
        IndexVectors.Require(index.Vector, found);
        return Of(index) with { Others = found.VectorsBeside(index.Vector) };
    }

    private ICorpusSource SourceOf(IndexDefinition index) => index.Source.Kind switch
    {
        SourceKind.Payload => new PayloadSource(index.Text, index.Source.UpdatedAt, qdrant),
        SourceKind.Postgres => new PostgresSource(index, connections),
        _ => new FileSource(index, spools),
    };
}
