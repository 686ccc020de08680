using DriftGuard.Core.Embedding;
using DriftGuard.Core.Text;
using DriftGuard.Embedding.Pinning.Lock;
using YamlDotNet.RepresentationModel;

namespace DriftGuard.Embedding.Pinning;

/// <summary>What a model folder is to be made of.</summary>
internal sealed record ModelPlan
{
    public required string Name { get; init; }

    public required string Source { get; init; }

    public required string? Card { get; init; }

    /// <summary>The keys of its <c>model.yaml</c> but <c>files</c>.</summary>
    public required YamlMappingNode Spec { get; init; }

    /// <summary>The repository; null for a model without files of a hub.</summary>
    public string? Repository { get; init; }

    /// <summary>A commit, branch or tag.</summary>
    public string Revision { get; init; } = "";

    public IReadOnlyList<WantedFile> Files { get; init; } = [];

    /// <summary>What the folder must come out as; null where nobody has pinned it.</summary>
    public Fingerprint? Fingerprint { get; init; }

    /// <summary>Exactly what is locked.</summary>
    public static ModelPlan Of(LockedModel locked) => new()
    {
        Name = locked.Name,
        Source = locked.Source,
        Card = locked.Card,
        Spec = locked.Spec,
        Repository = locked.Repository,
        Revision = locked.Revision,
        Files = [.. locked.Files.Select(file => new WantedFile(file.Role, file.Path, file.Sha256, file.Bytes))],
        Fingerprint = locked.Fingerprint,
    };

    /// <summary>What the catalogue says, or the lock file where the catalogue does not know the name, without its pins if another revision is asked for.</summary>
    /// <exception cref="PinningException">Nobody knows the name, or it has no revisions.</exception>
    public static ModelPlan Of(string name, string? revision, IReadOnlyList<CatalogueEntry> catalogue, LockedModel? locked)
    {
        var plan = catalogue.FirstOrDefault(entry => entry.Name == name) is { } entry ? Of(entry)
            : locked is not null ? Of(locked) with { Revision = HubSource.Newest, Fingerprint = null, Files = WithoutPins(Of(locked).Files) }
            : throw Unknown(name, catalogue);
        if (revision is null || revision == plan.Revision)
            return plan;
        return plan.Repository is null
            ? throw new PinningException(PinningFailure.Invalid, $"'{name}' has no revisions to choose from: it does not come from a hub. Leave --revision away.")
            : plan with { Revision = revision, Files = WithoutPins(plan.Files) };
    }

    /// <summary>The error for a name that nobody knows.</summary>
    public static PinningException Unknown(string name, IReadOnlyList<CatalogueEntry> catalogue) => new(
        PinningFailure.NotFound,
        $"no model '{name}' can be pulled: it is neither in the lock file nor in the catalogue"
        + (NearestName.Find(name, catalogue.Select(entry => entry.Name)) is { } meant ? $". Did you mean '{meant}'?" : ".")
        + " `driftguard models list --available` shows the catalogue; a model of your own is added with `driftguard models add DIR`.");

    private static ModelPlan Of(CatalogueEntry entry) => new()
    {
        Name = entry.Name,
        Source = entry.Hub is { } hub ? LockedModel.OfHub(hub.Repository) : LockedModel.Api,
        Card = entry.Card,
        Spec = entry.Spec,
        Repository = entry.Hub?.Repository,
        Revision = entry.Hub?.Revision ?? (entry.Hub is null ? "" : HubSource.Newest),
        Files = entry.Hub?.Files ?? [],
    };

    private static IReadOnlyList<WantedFile> WithoutPins(IReadOnlyList<WantedFile> files) => [.. files.Select(file => file with { Sha256 = null, Bytes = null })];
}
