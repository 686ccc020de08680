using DriftGuard.Core.Embedding;
using DriftGuard.Embedding;
using DriftGuard.Worker.Drift.Points;
using DriftGuard.Worker.Gateway.Routing;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Gateway;

/// <summary>
/// Stands in for a model that is gone where texts did not change: it has made their vectors before, and those are stored. By their stamps alone, which
/// say of what text and by which model a vector was made.
/// </summary>
internal sealed class StoredVectors : ITextEmbedder
{
    private readonly Dictionary<string, float[]> _byText;

    private StoredVectors(IndexRoute route, Dictionary<string, float[]> byText)
    {
        _byText = byText;
        Fingerprint = Fingerprint.Parse(route.Fingerprint);
        Spec = new()
        {
            Name = route.Model,
            Provider = "stored",
            Model = route.Model,
            Dimensions = route.Serving.State.Vectors[route.Definition.Vector].Size,
            Normalisation = Normalisation.None, // they are as they are
            MaxTokens = int.MaxValue,
        };
    }

    public ModelSpec Spec { get; }

    public Fingerprint Fingerprint { get; }

    /// <summary>Those of points as they are stored.</summary>
    public static StoredVectors Of(IndexRoute route, IEnumerable<SampledDocument> points)
    {
        var byText = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var point in points.Where(point => point.Text is not null && point.Vector is not null && point.Stamp?.Fingerprint == route.Fingerprint && !point.IsTextEdited && !point.IsVectorReplaced))
        {
            byText[point.Text!] = point.Vector!;
        }

        return new(route, byText);
    }

    /// <summary>Whether every one of some texts has a vector.</summary>
    public bool Has(IEnumerable<string?> texts) => texts.All(text => text is not null && _byText.ContainsKey(text));

    public ValueTask<IReadOnlyList<EmbeddingOutcome>> EmbedAsync(IReadOnlyList<string> texts, InputKind kind, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<EmbeddingOutcome>>([.. texts.Select(text => EmbeddingOutcome.Embedded(_byText[text], tokens: 0, truncated: false))]);
}
