namespace DriftGuard.Qdrant;

public sealed partial class QdrantStore
{
    private static readonly TimeSpan AnswerOfAPeer = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The peers of the cluster, this one among them; a single node is one. gRPC does not tell them, so the REST API is asked
    /// (<see cref="QdrantOptions.RestAddress"/>).
    /// </summary>
    /// <exception cref="QdrantException">It has no answer.</exception>
    public async Task<IReadOnlyList<QdrantPeer>> PeersAsync(CancellationToken cancellationToken = default)
    {
        var peers = await _rest.Value.PeersAsync(cancellationToken);
        return peers.Count == 0
            ? [new(0, Address)]
            : [.. peers.Select(peer => new QdrantPeer(peer.Id, new UriBuilder(Address) { Host = peer.Host }.Uri))];
    }

    /// <summary>A client of one peer, to ask what that peer itself sees: it answers soon, or it does not.</summary>
    public QdrantStore At(QdrantPeer peer) => new(_options.ForAQuestion(AnswerOfAPeer, peer.Address), _logger, _time);
}
