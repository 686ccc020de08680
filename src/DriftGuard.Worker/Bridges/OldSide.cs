using DriftGuard.Embedding;
using DriftGuard.Embedding.Pinning;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Bridges;

/// <summary>By what the queries of the side that serves are embedded: its own model, or where that is gone what users have in its place.</summary>
/// <param name="Model">Embeds the queries.</param>
/// <param name="Note">What reports are to say of it; null where it is the collection's own model.</param>
internal sealed record OldSide(ITextEmbedder Model, string? Note)
{
    /// <summary>The note as a list, to be added to others.</summary>
    public IReadOnlyList<string> Notes => Note is null ? [] : [Note];
}

/// <summary>Finds what embeds the queries of the side that serves.</summary>
internal sealed class OldSideReader(ModelPool models, ActiveBridges bridges)
{
    /// <summary>The collection's own model if it still embeds, and otherwise the bridge over which users' queries go.</summary>
    /// <exception cref="OperatorException">There is neither.</exception>
    public async Task<OldSide> ReadAsync(string index, string collection, string model, string? fingerprint, CancellationToken cancellation)
    {
        var (own, whyNot) = await models.TryGetAsync(model, fingerprint, cancellation);
        if (own is not null)
        {
            return new(own, null);
        }

        var bridge = await bridges.OfAsync(index, collection, fingerprint, cancellation) ?? throw new OperatorException(ErrorOf(whyNot!),
            $"{whyNot!.Message}{(whyNot.Message.EndsWith('.') ? "" : ".")} Without it nobody can say what the old side finds. If it is gone for good, fit a bridge to the new model first, over which the index goes on answering: "
            + $"driftguard bridge fit {index} --model NEW");
        return new(
            new BridgedEmbedder(models.Get(bridge.Report.Model, bridge.Report.ModelFingerprint), bridge),
            $"the old side is what serves now: {model} is gone ({whyNot!.Message}), and queries of {bridge.Report.Model} search its vectors over bridge {bridge.Report.Id}");
    }

    private static OperatorError ErrorOf(Exception whyNot) => whyNot switch
    {
        OperatorException problem => problem.Error,
        ModelException { IsMissing: true } or PinningException { Failure: PinningFailure.NotFound } => OperatorError.NotFound,
        ModelException => OperatorError.Conflict,
        _ => OperatorError.Unavailable,
    };
}
