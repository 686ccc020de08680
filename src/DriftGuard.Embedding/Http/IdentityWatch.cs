using DriftGuard.Core.Embedding;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Embedding.Http;

/// <summary>
/// Remembers as which model a provider answers, and stops where the name changes: vectors of two models do not compare, and nothing else
/// would say that they were mixed. Thread-safe.
/// </summary>
internal sealed class IdentityWatch
{
    /// <summary>Stands for all system fingerprints of a model beyond those that are kept apart: some servers give each answer its own.</summary>
    public const string ManyFingerprints = "(many)";

    private const int MostFingerprints = 16;

    private readonly ModelSpec _spec;
    private readonly EndpointSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly List<ProviderIdentity> _seen;

    public IdentityWatch(ModelSpec spec, EndpointSettings settings, EmbeddingModelOptions options, ILogger logger)
    {
        (_spec, _settings, _time, _logger) = (spec, settings, options.Time, logger);
        _seen = [.. options.KnownIdentities.Select(i => i with { Answers = 0 })];
    }

    /// <summary>All that were seen, now or before the model was opened, in the order in which they were first seen.</summary>
    public IReadOnlyList<ProviderIdentity> Seen
    {
        get
        {
            lock (_lock)
                return [.. _seen];
        }
    }

    /// <summary>Takes in what others have seen.</summary>
    /// <exception cref="EmbeddingProviderException">They have seen another model.</exception>
    public void Recall(string address, IReadOnlyList<ProviderIdentity> identities)
    {
        lock (_lock)
        {
            foreach (var identity in identities.Where(i => !_seen.Exists(i.IsSameAs)))
            {
                if (!IsExpected(identity.Model))
                    throw Changed(address, identity.Model);
                _seen.Add(identity with { Answers = 0 });
            }
        }
    }

    /// <summary>Takes note of what an answer says; its vectors are not to be used before.</summary>
    /// <exception cref="EmbeddingProviderException">It is another model.</exception>
    public void Observe(string address, string? model, string systemFingerprint)
    {
        if (model is null)
            return;
        lock (_lock)
        {
            if (!IsExpected(model))
                throw Changed(address, model);
            if (_seen.Count(i => i.Model == model) >= MostFingerprints && !_seen.Exists(i => i.Model == model && i.SystemFingerprint == systemFingerprint))
                systemFingerprint = ManyFingerprints;
            var now = _time.GetUtcNow();
            var at = _seen.FindIndex(i => i.Model == model && i.SystemFingerprint == systemFingerprint);
            if (at >= 0)
            {
                _seen[at] = _seen[at] with { LastSeen = now, Answers = _seen[at].Answers + 1 };
                return;
            }

            if (_seen.Where(i => i.Model == model).MaxBy(i => i.LastSeen) is { } before)
                Log.SystemChanged(_logger, address, model, systemFingerprint, before.SystemFingerprint);
            else
                Log.IdentitySeen(_logger, address, model, systemFingerprint);
            _seen.Add(new() { Model = model, SystemFingerprint = systemFingerprint, FirstSeen = now, LastSeen = now, Answers = 1 });
        }
    }

    /// <summary>
    /// The first name is taken as it comes, since providers answer with names of their own (a deployment's model, a dated version), unless
    /// the settings name those that are right: then no other is, whatever is on record.
    /// </summary>
    private bool IsExpected(string model) => _settings.AnswersAs.Count > 0
        ? model == _spec.Model || _settings.AnswersAs.Contains(model, StringComparer.Ordinal)
        : SeenNames.All(name => name == model);

    private IEnumerable<string> SeenNames => _seen.Select(i => i.Model).Distinct(StringComparer.Ordinal);

    private EmbeddingProviderException Changed(string address, string model)
    {
        var expected = SeenNames.Concat(_settings.AnswersAs).Distinct(StringComparer.Ordinal).Select(m => $"'{m}'").ToList();
        var found = SeenNames.Contains(model, StringComparer.Ordinal)
            ? $"answers as models {string.Join(" and ", expected)} are on record. Vectors of two models do not compare, so nothing more is made of it."
            : $"expected answers of model {string.Join(" or ", expected)}; found '{model}'. Vectors of two models do not compare, so nothing of this answer is used.";
        return new(address, $"{found} If it is the same model by another name, list both under endpoint.answers_as; if it is another one, "
            + "describe it in a model folder of its own and roll it out.")
        {
            AnsweredAs = model,
        };
    }
}
