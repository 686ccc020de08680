using System.Globalization;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Rollouts;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Drift.Baselines;
using DriftGuard.Worker.Drift.Checks;
using DriftGuard.Worker.Indexes;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Rollouts;
using DriftGuard.Worker.Sources;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Drift.Detectors;

/// <summary>Is the collection what was declared, and does the alias point where DriftGuard left it? Exact, so that a second look confirms it.</summary>
internal sealed class SchemaDetector(QdrantStore qdrant, StateStore state, ModelFolders folders) : IDriftDetector
{
    public Detector Detector => Detector.Schema;

    public async Task<DetectorResult> RunAsync(DriftSubject subject, CancellationToken cancellation)
    {
        var differences = await DifferencesAsync(subject, subject.Aliases, subject.Collection, cancellation);
        var runs = 1;
        var broken = differences.Where(difference => difference.Breaks).ToList();
        if (broken.Count > 0)
        {
            // A rollout may have been about to switch: what is still so in a second look is so.
            runs = 2;
            var aliases = await qdrant.AliasesAsync(cancellation);
            var collection = aliases.TargetOf(subject.Index) is { } target ? await qdrant.FindCollectionAsync(target, cancellation) : null;
            var again = (await DifferencesAsync(subject, aliases, collection, cancellation)).Where(difference => difference.Breaks).ToHashSet();
            differences = [.. differences.Where(difference => !difference.Breaks || again.Contains(difference))];
            broken = [.. differences.Where(difference => difference.Breaks)];
        }

        var verdict = broken.Count > 0 ? DriftVerdict.Confirmed : DriftVerdict.None;
        return DetectorResult.Without(
            Detector, verdict, broken.Count > 0 ? DriftReason.NotAsDeclared : DriftReason.WithinTolerance,
            differences.Count == 0 ? "alias, token and collection are as declared" : string.Join("; ", differences.Select(difference => difference.Message))) with
        {
            Statistic = new("differences", broken.Count),
            Samples = new Dictionary<string, long>(StringComparer.Ordinal) { ["aliases"] = subject.Aliases.Targets.Count },
            Schema = new(subject.CollectionName, differences),
            Runs = runs,
            ComparedWith = subject.Baseline?.Id,
        };
    }

    private async Task<IReadOnlyList<SchemaDifference>> DifferencesAsync(DriftSubject subject, AliasTable aliases, CollectionState? collection, CancellationToken cancellation)
    {
        var place = await PlaceAsync(subject, aliases, cancellation);
        return collection is null
            ? [.. place, await GoneAsync(subject, aliases, cancellation)]
            : [.. place, .. Declared(subject, collection), .. Model(subject, collection, await RolledOutAsync(subject, cancellation)), .. Health(collection)];
    }

    private async Task<SchemaDifference> GoneAsync(DriftSubject subject, AliasTable aliases, CancellationToken cancellation) =>
        aliases.TargetOf(subject.Index) is null && await ServedByAsync(subject, cancellation) is { } expected && await qdrant.ExistsAsync(expected, cancellation)
            ? new(SchemaPart.Alias, expected, "nothing", $"alias '{subject.Index}' is gone; DriftGuard left it at {expected}, which is still there")
            : new(SchemaPart.Collection, "a collection", "none", $"alias '{subject.Index}' points to no collection");

    private async Task<List<SchemaDifference>> PlaceAsync(DriftSubject subject, AliasTable aliases, CancellationToken cancellation)
    {
        var (index, found) = (subject.Index, new List<SchemaDifference>());
        var target = aliases.TargetOf(index);
        var tokens = IndexAliases.Tokens(index, aliases);
        if (tokens is not [var token])
        {
            found.Add(new(SchemaPart.EpochToken, "one", tokens.Count == 0 ? "none" : string.Join(", ", tokens.Select(t => t.Token)),
                $"there should be one epoch token, an alias {index}.e<epoch>.<nonce>; found {(tokens.Count == 0 ? "none" : string.Join(", ", tokens.Select(t => t.Token)))}"));
        }
        else if (target is not null && token.Target != target)
        {
            found.Add(new(SchemaPart.Alias, token.Target, target, $"alias '{index}' points to {target}, its epoch token {token.Token} to {token.Target}"));
            return found;
        }

        if (target is not null && await ServedByAsync(subject, cancellation) is { } expected && expected != target)
        {
            found.Add(new(SchemaPart.Alias, expected, target, $"alias '{index}' points to {target}; DriftGuard left it at {expected}"));
        }

        return found;
    }

    /// <summary>The collection that DriftGuard last pointed the alias to, by its rollouts, or by the baseline where there was none since.</summary>
    private async Task<string?> ServedByAsync(DriftSubject subject, CancellationToken cancellation)
    {
        var rollouts = await state.ListRolloutsAsync(subject.Index, cancellation);
        if (rollouts.Any(rollout => rollout is { EndedAt: null, Switch.Outcome: SwitchOutcome.Unknown }))
        {
            return null; // A switch is under way.
        }

        // What was before the index was enrolled (again) says nothing of it; a baseline that was asked for since says that all is well as it is.
        var last = rollouts.LastOrDefault(rollout => rollout.CutOverAt >= subject.Definition.CreatedAt);
        var baseline = (await state.ListDriftBaselinesAsync(subject.Index, cancellation)).FirstOrDefault(known => known.At >= subject.Definition.CreatedAt);
        return last is null || (baseline?.Kind == BaselineKind.Requested && baseline.At > (last.Switch?.At ?? last.CutOverAt))
            ? baseline?.Collection
            : last.Serving == Side.Green ? last.Green : last.Blue;
    }

    private static IEnumerable<SchemaDifference> Declared(DriftSubject subject, CollectionState collection)
    {
        if (collection.DenseVector(subject.Corpus.Vector) is not { } vector)
        {
            yield return new(SchemaPart.Dimension, IndexVectors.InWords(subject.Corpus.Vector), string.Join(", ", collection.VectorNames.Select(name => $"'{name}'")), IndexVectors.WhyNot(subject.Corpus.Vector, collection));
            yield break;
        }

        var spec = subject.Model?.Embedder is { } model && subject.Model.IsExpected ? model.Spec : null;
        var (dimensions, distance) = spec is not null
            ? (spec.Dimensions, CollectionSchemas.DistanceOf(spec).ToString())
            : (subject.Baseline?.Schema.Dimensions ?? (int)vector.Size, subject.Baseline?.Schema.Distance ?? vector.Distance.ToString());
        if ((int)vector.Size != dimensions)
        {
            yield return new(SchemaPart.Dimension, dimensions.ToString(CultureInfo.InvariantCulture), vector.Size.ToString(CultureInfo.InvariantCulture), $"collection {collection.Name} holds vectors of {vector.Size} dimensions, {dimensions} were declared");
        }

        if (vector.Distance.ToString() != distance)
        {
            yield return new(SchemaPart.Distance, distance, vector.Distance.ToString(), $"collection {collection.Name} compares by {vector.Distance}, {distance} was declared");
        }

        if (subject.Baseline is { } baseline && baseline.Collection == subject.CollectionName)
        {
            foreach (var (field, type) in baseline.Schema.PayloadIndexes)
            {
                var there = collection.PayloadIndexes.TryGetValue(field, out var info) ? info.DataType.ToString() : null;
                if (there != type)
                {
                    yield return new(SchemaPart.PayloadIndex, $"{field}: {type}", there ?? "none", $"payload index on '{field}' ({type}) is {(there is null ? "gone" : $"of another type ({there})")}");
                }
            }
        }
    }

    /// <summary>Models that a rollout is on its way to, or was rolled back from: the declaration is what is wanted, and not what is served.</summary>
    private async Task<IReadOnlySet<string>> RolledOutAsync(DriftSubject subject, CancellationToken cancellation) =>
        (await state.ListRolloutsAsync(subject.Index, cancellation)).Where(rollout => rollout.EndedAt is null || rollout.CutOverAt is not null).TakeLast(1)
            .Select(rollout => rollout.ToModel).ToHashSet(StringComparer.Ordinal);

    private IEnumerable<SchemaDifference> Model(DriftSubject subject, CollectionState collection, IReadOnlySet<string> rolledOut)
    {
        if (subject.Model is null)
        {
            yield return new(SchemaPart.Fingerprint, "a fingerprint", "none", $"collection {collection.Name} does not say which model made its vectors");
            yield break;
        }

        if (subject.Declared?.Model is { } declared && declared != subject.Model.Name && !rolledOut.Contains(declared)
            && FingerprintOf(declared) is { } other && other != subject.Model.Expected)
        {
            yield return new(SchemaPart.DeclaredModel, subject.Model.Name, declared, $"the configuration declares model {declared} for '{subject.Index}', the collection's vectors are of {subject.Model.Name}");
        }
    }

    private string? FingerprintOf(string model)
    {
        try
        {
            return folders.Find(model)?.Fingerprint?.Id;
        }
        catch (Exception problem) when (problem is DriftGuard.Embedding.ModelException or DriftGuard.Embedding.Pinning.PinningException or OperatorException)
        {
            return null; // A model that cannot be looked at is not known to be another one.
        }
    }

    private static IEnumerable<SchemaDifference> Health(CollectionState collection)
    {
        if (collection.Status == CollectionStatus.Red || !collection.OptimizerOk)
        {
            yield return new(SchemaPart.Health, "green", collection.Status.ToString(), $"collection {collection.Name} is {collection.Status}: {collection.OptimizerError}");
        }
    }
}
