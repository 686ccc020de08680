using DriftGuard.Core.Embedding;
using DriftGuard.Core.Indexes;
using DriftGuard.Embedding;
using DriftGuard.Qdrant;
using DriftGuard.State;
using DriftGuard.Worker.Drift.Points;
using DriftGuard.Worker.Models;
using DriftGuard.Worker.Sources;
using Qdrant.Client.Grpc;

namespace DriftGuard.Worker.Drift.Doctor;

/// <summary>What the doctor is to look at.</summary>
public sealed record DoctorRequest
{
    /// <summary>Points that are drawn unless set.</summary>
    public const int UsualSample = 100;

    /// <summary>Models to try besides those that run in the process and have the collection's dimension, by name; those behind an API are asked only if they are here.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Payload key of the text; null to guess it.</summary>
    public string? TextField { get; init; }

    /// <summary>Where the texts of an index are, and which vector is its own; null for a collection, or where a field is named.</summary>
    internal IndexCorpus? Corpus { get; init; }

    /// <summary>Points that are drawn, at least 1.</summary>
    public int Sample { get; init; } = UsualSample;

    /// <summary>Seed of what is drawn; null for one that is drawn itself.</summary>
    public int? Seed { get; init; }
}

/// <summary>
/// Finds out which models made a collection, also one that DriftGuard has never seen: embeds a sample of its texts with every model here, and
/// attributes each point to the one that gives its vector back.
/// </summary>
public sealed class CollectionDoctor
{
    /// <summary>Compared points without which nothing is said, unless there are no more.</summary>
    private const int FewestCompared = 20;

    /// <summary>Text fields that are tried where none is named and the first explains nothing.</summary>
    private const int MostFields = 3;

    private readonly QdrantStore qdrant;
    private readonly PointSampler sampler;
    private readonly ModelFolders folders;
    private readonly ModelPool models;
    private readonly StateStore state;
    private readonly IndexCorpora corpora;
    private readonly TimeProvider time;

    internal CollectionDoctor(QdrantStore qdrant, PointSampler sampler, ModelFolders folders, ModelPool models, StateStore state, IndexCorpora corpora, TimeProvider time) =>
        (this.qdrant, this.sampler, this.folders, this.models, this.state, this.corpora, this.time) = (qdrant, sampler, folders, models, state, corpora, time);

    /// <summary>Looks at the collection behind an index.</summary>
    /// <param name="index">The index.</param>
    /// <param name="request">What to look at.</param>
    /// <param name="progress">Told of each model before it is tried.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperatorException">There is no such index, its alias points nowhere, or a model that was named cannot be used.</exception>
    public async Task<OriginReport> ExamineIndexAsync(string index, DoctorRequest request, Action<string>? progress, CancellationToken cancellation)
    {
        var definition = await state.FindIndexAsync(index, cancellation) ?? throw new OperatorException(
            OperatorError.NotFound, $"there is no index '{index}'; a collection that is none is looked at with 'driftguard doctor --collection NAME'");
        var collection = (await qdrant.AliasesAsync(cancellation)).TargetOf(index) ?? throw new OperatorException(
            OperatorError.Conflict, $"index '{index}' is enrolled, but there is no alias '{index}' in Qdrant at {qdrant.Address}");
        var asked = request with { Corpus = corpora.Of(definition) };
        var isOwnField = request.TextField is null && definition is { Template: null, Source.Kind: SourceKind.Payload };
        return await ExamineAsync(collection, isOwnField ? asked with { TextField = definition.TextField } : asked, progress, cancellation) with { Index = index };
    }

    /// <summary>Looks at a collection.</summary>
    /// <param name="collection">Its name, or an alias of it.</param>
    /// <param name="request">What to look at.</param>
    /// <param name="progress">Told of each model before it is tried.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="OperatorException">There is no such collection, or a model that was named cannot be used.</exception>
    /// <exception cref="QdrantException">Qdrant cannot be used.</exception>
    /// <exception cref="EmbeddingProviderException">A provider that was named cannot be used.</exception>
    public async Task<OriginReport> ExamineAsync(string collection, DoctorRequest request, Action<string>? progress, CancellationToken cancellation)
    {
        var name = (await qdrant.AliasesAsync(cancellation)).TargetOf(collection) ?? collection;
        var found = await qdrant.FindCollectionAsync(name, cancellation)
            ?? throw new OperatorException(OperatorError.NotFound, $"there is no collection '{collection}' in Qdrant at {qdrant.Address}; there are {await NamesAsync(cancellation)}");
        var report = new OriginReport
        {
            Verdict = OriginVerdict.InsufficientData,
            Sentence = "",
            Collection = name,
            Seed = request.Seed ?? Random.Shared.Next(),
            DeclaredModel = found.Metadata.GetValueOrDefault(IndexMetadata.Model),
            DeclaredFingerprint = found.Metadata.GetValueOrDefault(IndexMetadata.Fingerprint),
        };
        var corpus = request.Corpus ?? IndexCorpus.OfField(request.TextField ?? "");
        if (found.DenseVector(corpus.Vector) is not { } vector)
        {
            return report with { Sentence = IndexVectors.WhyNot(corpus.Vector, found) };
        }

        var (dimensions, distance) = (vector.Size, vector.Distance);
        var (sample, population) = await sampler.DrawAsync(name, corpus, request.Sample, report.Seed, new HashSet<PointId>(), cancellation);
        var isSourced = request is { TextField: null, Corpus: not null };
        var fields = request.TextField is { } given ? [TextFields.Of(given, sample)] : isSourced ? [TextFields.OfSource(corpus.Source.InWords, sample)] : TextFields.Find(sample);
        report = SampleFacts.Of(sample, dimensions, report) with { Dimensions = dimensions, Distance = distance.ToString(), Points = population };
        if (sample.Count == 0 || fields.Count == 0 || fields[0].Points == 0)
        {
            return report with
            {
                Sentence = sample.Count == 0 ? $"{name} has no points"
                    : request.TextField is { } field ? $"no sampled point of {name} has a text under '{field}'; their payload has {Keys(sample)}"
                    : $"no payload field of {name} holds a text in most points (there are {Keys(sample)}): without the texts nothing can be embedded again",
            };
        }

        var suspects = Suspects(request, dimensions);
        if (suspects.Count == 0)
        {
            return report with
            {
                TextField = fields[0],
                Sentence = $"{name} has {dimensions} dimensions, and no model here gives that many ({Models()}): pull one ('driftguard models list --available'), or name one with --model",
            };
        }

        OriginReport? best = null;
        foreach (var field in fields.Take(MostFields))
        {
            var examined = await new OriginExamination(new(state, time), report with { TextField = field, OtherTextFields = [.. fields.Where(other => other != field)] }, isSourced ? sample : TextFields.Under(field.Field, sample), distance != Distance.Cosine)
                .RunAsync(suspects, Math.Min(FewestCompared, sample.Count), progress, cancellation);
            best = best is null || Explained(examined) > Explained(best) ? examined : best;
            if (Explained(best) > 0)
            {
                break; // Another field would not give back a single vector of this one.
            }
        }

        return best!;
    }

    private static long Explained(OriginReport report) => report.Makers.Sum(maker => maker.Share.Mismatches);

    private static string Keys(IReadOnlyList<SampledDocument> sample) =>
        string.Join(", ", sample.SelectMany(point => point.Payload.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)) is { Length: > 0 } keys ? keys : "no fields";

    /// <summary>Models that can give vectors of the dimension, by their spec or a variant of it, and those that were named.</summary>
    private IReadOnlyList<Suspect> Suspects(DoctorRequest request, int dimensions)
    {
        var named = request.Models.Distinct(StringComparer.Ordinal).Select(name => (Name: name, Model: models.Get(name))).ToList();
        if (named.Find(other => !CanGive(other.Model.Spec, dimensions)) is { Model: { } misfit } unfit)
        {
            throw new OperatorException(OperatorError.Invalid, $"model '{unfit.Name}' gives {misfit.Spec.Dimensions} dimensions, the collection has {dimensions}: it did not make it");
        }

        var inProcess = folders.All().Where(folder => folder.Spec!.Provider == ModelSpec.OnnxProvider && CanGive(folder.Spec!, dimensions) && named.TrueForAll(other => other.Name != folder.Name))
            .DistinctBy(folder => folder.Fingerprint)
            .Select(folder => new Suspect(folder.Name, folder.Directory, () => new OpenedModel(EmbeddingModel.Open(folder.Directory, new() { Sessions = 1 }))));
        return [.. named.Select(other => new Suspect(other.Name, other.Model.Directory, () => other.Model)), .. inProcess];
    }

    private static bool CanGive(ModelSpec spec, int dimensions) => spec.Dimensions == dimensions || spec.NativeDimensions == dimensions;

    private string Models() => string.Join(", ", folders.All().Select(folder => $"{folder.Name}: {folder.Spec!.Dimensions}")) is { Length: > 0 } known ? known : "there is none";

    private async Task<string> NamesAsync(CancellationToken cancellation) =>
        string.Join(", ", (await qdrant.ListCollectionsAsync(cancellation)).Order(StringComparer.Ordinal)) is { Length: > 0 } names ? names : "none";
}
