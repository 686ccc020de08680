using DriftGuard.Core.Indexes;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.Worker.Bridges;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Rollouts;

namespace DriftGuard.Worker.Gateway.Routing;

/// <summary>By what an index is answered: one collection and the model that made its vectors, never one without the other.</summary>
/// <param name="Serving">The collection.</param>
/// <param name="Model">The name of the model.</param>
/// <param name="Fingerprint">Its fingerprint.</param>
internal sealed record IndexRoute(ServingIndex Serving, string Model, string Fingerprint)
{
    /// <summary>Over which its queries go, because the model is gone; null where they need none.</summary>
    public Bridge? Bridge { get; init; }

    /// <summary>The index.</summary>
    public IndexDefinition Definition => Serving.Definition;

    /// <summary>The collection.</summary>
    public string Collection => Serving.Collection;

    /// <summary>Rises with every switch, there or back.</summary>
    public long Epoch => Serving.Token.Epoch;

    /// <summary>Whether both answer alike: by the same switch, and over the same bridge or none.</summary>
    public bool IsSameAs(IndexRoute other) => Serving.Token == other.Serving.Token && Bridge?.Report.Id == other.Bridge?.Report.Id;

    /// <summary>Whether it is what aliases say.</summary>
    public bool IsSaidBy(AliasTable aliases) =>
        aliases.TargetOf(Definition.Name) == Collection && IndexAliases.Tokens(Definition.Name, aliases) is [var seen] && seen == new TokenSeen(Serving.Token, Collection);

    /// <summary>Whether aliases say what was before it: a peer of Qdrant that lags does.</summary>
    public bool IsLaterThan(AliasTable aliases) =>
        IndexAliases.Tokens(Definition.Name, aliases) is [var seen] && seen.Token.Epoch < Epoch;
}
