namespace DriftGuard.Worker.Models;

/// <summary>The model of a name, and no other in its place.</summary>
public static class PinnedModels
{
    /// <summary>The model of a name, if it is still the one with this fingerprint.</summary>
    /// <param name="models">The models.</param>
    /// <param name="name">Its name.</param>
    /// <param name="fingerprint">Its fingerprint, 64 hex digits; null where a collection does not say which it was.</param>
    /// <exception cref="OperatorException">Another model is found under the name: vectors of the two do not compare.</exception>
    public static ITextEmbedder Get(this ModelPool models, string name, string? fingerprint)
    {
        var model = models.Get(name);
        return model.Fingerprint.Id == fingerprint ? model : throw new OperatorException(OperatorError.Conflict,
            $"model '{name}' is pinned by fingerprint {fingerprint?[..8] ?? "(none)"}, and the one found under that name has {model.Fingerprint.Short}: "
            + "their vectors do not compare. Bring the pinned model back; a changed one is a new model, for a rollout of its own");
    }
}
