using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Pinning.Cache;
using DriftGuard.Embedding.Pinning.Hub;
using DriftGuard.Embedding.Pinning.Lock;
using DriftGuard.Embedding.Specs;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DriftGuard.Embedding.Pinning;

/// <summary>
/// Fetches models by revision and digest into a cache, and writes down in a lock file which ones a deployment runs. Nothing else in
/// DriftGuard asks a hub for anything.
/// </summary>
public sealed class ModelPinning : IDisposable
{
    private readonly PinningOptions _options;
    private readonly TimeProvider _time;
    private readonly IPinningObserver? _observer;
    private readonly IReadOnlyList<CatalogueEntry> _catalogue;
    private readonly ModelCache _cache;
    private readonly HubClient _hub;
    private readonly ModelFetcher _fetcher;

    /// <summary>Reaches for nothing yet.</summary>
    /// <param name="options">Where models come from and go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="observer">Is told what happens.</param>
    /// <exception cref="PinningException">The token is malformed, or would be sent in the clear.</exception>
    public ModelPinning(PinningOptions options, TimeProvider time, IPinningObserver? observer = null)
        : this(options, time, observer, Catalogue.Entries, new HubOptions { Address = options.Hub, Token = options.Token }, CacheDisk.FreeBytes)
    {
    }

    internal ModelPinning(
        PinningOptions options, TimeProvider time, IPinningObserver? observer, IReadOnlyList<CatalogueEntry> catalogue, HubOptions hub, Func<string, long> freeBytes)
    {
        (_options, _time, _observer, _catalogue) = (options, time, observer, catalogue);
        _cache = new(options.CacheDirectory);
        _hub = new(hub, time);
        _fetcher = new(_cache, _hub, observer, freeBytes);
    }

    /// <summary>Fetches a model: exactly what is locked, otherwise what the catalogue pins, and locks it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="request">What is wanted besides.</param>
    /// <param name="cancellation">Cancels; what was downloaded is kept, and the next pull goes on from there.</param>
    /// <exception cref="PinningException">It cannot be had as it is pinned; what was there before is untouched.</exception>
    public Task<PinnedModel> PullAsync(string name, PullRequest request, CancellationToken cancellation) => WithCacheAsync(async () =>
    {
        var locked = ModelLock.Read(_options.LockFile)?.Find(name);
        if (locked is not null && !request.Update && (request.Revision is null || request.Revision == locked.Revision))
            return await RestoreAsync(locked, cancellation);
        var plan = ModelPlan.Of(name, request.Revision, _catalogue, locked);
        if (plan.Repository is { } repository)
            plan = plan with { Revision = await _hub.CommitAsync(repository, plan.Revision, cancellation) };
        if (plan.Repository is not null && !request.MayReplace)
            RefuseAnother(name, plan.Revision, (folder, other) => folder.Spec?.Revision == plan.Revision || other is null);
        return await MakeAsync(plan, request.MayReplace, cancellation);
    }, cancellation);

    /// <summary>Fetches every model of the lock file, exactly.</summary>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The models, by name.</returns>
    /// <exception cref="PinningException">There is no lock file, or a model cannot be had as it is locked.</exception>
    public Task<IReadOnlyList<PinnedModel>> PullLockedAsync(CancellationToken cancellation) => WithCacheAsync<IReadOnlyList<PinnedModel>>(async () =>
    {
        var locked = ModelLock.Read(_options.LockFile) ?? throw new PinningException(PinningFailure.NotFound,
            $"there is no lock file {_options.LockFile ?? ModelLock.DefaultFileName} that says which models to pull: name one, as in `driftguard models pull NAME`.");
        var models = new List<PinnedModel>();
        foreach (var model in locked.Models)
            models.Add(await RestoreAsync(model, cancellation));
        return models;
    }, cancellation);

    /// <summary>Verifies a model folder as opening it does, copies it into the cache under its name, and locks it.</summary>
    /// <param name="directory">A folder with <c>model.yaml</c>.</param>
    /// <param name="replace">Whether another model of the name is replaced.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="ModelException">The folder cannot be used as a model.</exception>
    /// <exception cref="PinningException">It cannot be taken over.</exception>
    public Task<PinnedModel> AddAsync(string directory, bool replace, CancellationToken cancellation) => WithCacheAsync(async () =>
    {
        directory = Path.GetFullPath(directory);
        var problems = await Task.Run(() => ModelCatalog.Verify(directory), cancellation);
        if (problems.Count > 0)
            throw new ModelException(directory, problems);
        var yaml = ModelYaml.Read(directory);
        ModelFileNames.CheckModelName(yaml.Name);
        ModelEndpoint.RefuseSecrets(yaml.Spec, Path.Join(directory, ModelSpecFile.Name));
        var files = new List<LockedFile>();
        foreach (var file in yaml.Files)
        {
            await _cache.CopyAsync(Path.Join(directory, file.Path), file.Sha256, cancellation);
            files.Add(new(file.Role, file.Path, file.Sha256, new FileInfo(_cache.BlobOf(file.Sha256)).Length));
        }

        var spec = ModelEndpoint.WithWholeKeyFile(yaml.Spec, directory);
        var plan = new ModelPlan { Name = yaml.Name, Source = files.Count > 0 ? LockedModel.OfFolder(directory) : LockedModel.Api, Card = null, Spec = spec };
        // Its author's own text, comments and all, unless it would mean something else in another folder.
        var text = ReferenceEquals(spec, yaml.Spec) ? File.ReadAllText(Path.Join(directory, ModelSpecFile.Name)) : (yaml with { Spec = spec }).Text(plan.Source);
        return await ShowAsync(plan, text, files, replace, cancellation);
    }, cancellation);

    /// <summary>Removes a model from the cache and the lock file, and the files that no other model needs.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="PinningException">It is in neither.</exception>
    public Task RemoveAsync(string name, CancellationToken cancellation) => WithCacheAsync(() =>
    {
        var models = ModelLock.Read(_options.LockFile);
        var cached = Directory.Exists(_cache.FolderOf(name));
        if (!cached && models?.Find(name) is null)
        {
            var elsewhere = ModelCatalog.Find(_options.OtherRoots).FirstOrDefault(folder => folder.Name == name);
            throw new PinningException(PinningFailure.NotFound, $"there is no model '{name}' in the cache {_cache.Directory}" + (elsewhere is null
                ? "." : $". The one in {elsewhere.Directory} is not the cache's: it goes when its folder does."));
        }

        // First out of the lock file: a model that is locked and not there can be pulled again, one that is there and not locked is only refused.
        if (models?.Find(name) is not null)
            ModelLockFile.Write(models.Without(name));
        _cache.Remove(name);
        return Task.FromResult(true);
    }, cancellation);

    /// <inheritdoc />
    public void Dispose() => _hub.Dispose();

    private async Task<PinnedModel> RestoreAsync(LockedModel locked, CancellationToken cancellation)
    {
        if (await FindWholeAsync(locked.Fingerprint, [_cache.FolderOf(locked.Name)], locked.Files, cancellation) is { } cached)
        {
            // Where a model is served is no part of its fingerprint, and yet of what is locked.
            return ModelYaml.Read(cached).Spec.Equals(locked.Spec)
                ? new(locked, cached, Changed: false)
                : await MakeAsync(ModelPlan.Of(locked), replace: true, cancellation);
        }

        // A model of one's own, or one that comes with DriftGuard, is brought by whoever brings the rest.
        if (locked.Repository is null && await FindWholeAsync(locked.Fingerprint, _options.OtherRoots, locked.Files, cancellation) is { } elsewhere)
            return new(locked, elsewhere, Changed: false);
        return await MakeAsync(ModelPlan.Of(locked), replace: true, cancellation);
    }

    private static async Task<string?> FindWholeAsync(Fingerprint fingerprint, IEnumerable<string> roots, IReadOnlyList<LockedFile> files, CancellationToken cancellation)
    {
        foreach (var folder in ModelCatalog.Find(roots).Where(folder => folder.Fingerprint == fingerprint))
        {
            var whole = true;
            foreach (var file in files)
            {
                var path = Path.Join(folder.Directory, file.Path);
                whole = whole && File.Exists(path) && (await BlobNames.OfFileAsync(path, cancellation)).Sha256 == file.Sha256;
            }

            if (whole)
                return folder.Directory;
        }

        return null;
    }

    private async Task<PinnedModel> MakeAsync(ModelPlan plan, bool replace, CancellationToken cancellation)
    {
        var files = await _fetcher.FetchAsync(plan, cancellation);
        if (plan.Repository is not null)
            plan = plan with { Spec = ModelYaml.With(plan.Spec, "revision", new YamlScalarNode(plan.Revision) { Style = ScalarStyle.DoubleQuoted }, after: "model") };
        var yaml = new ModelYaml(plan.Spec, [.. files.Select(file => new ModelYamlFile(file.Role, file.Path, file.Sha256))]);
        return await ShowAsync(plan, yaml.Text(plan.Source), files, replace, cancellation);
    }

    private async Task<PinnedModel> ShowAsync(ModelPlan plan, string yaml, IReadOnlyList<LockedFile> files, bool replace, CancellationToken cancellation)
    {
        var assembled = _cache.Assemble(plan.Name, yaml, files.Select(file => (file.Path, file.Sha256)));
        try
        {
            var folder = ModelCatalog.Find([assembled]).Single();
            if (folder.Problems.Count > 0)
                throw new ModelException(plan.Name, [.. folder.Problems.Select(problem => problem with { File = problem.File.Replace(assembled, plan.Name, StringComparison.Ordinal) })]);
            var fingerprint = folder.Fingerprint!.Value;
            if (plan.Fingerprint is { } expected && fingerprint != expected)
            {
                throw new PinningException(PinningFailure.Refused,
                    $"'{plan.Name}' comes out with fingerprint {fingerprint.Short}, and {_options.LockFile} says {expected.Short}: its entry there was edited. Restore the file.");
            }

            if (!replace)
                RefuseAnother(plan.Name, fingerprint.Short, (_, other) => other is null || other == fingerprint);
            var locked = new LockedModel
            {
                Name = plan.Name,
                Fingerprint = fingerprint,
                Provider = folder.Spec!.Provider,
                Model = folder.Spec.Model,
                Revision = folder.Spec.Revision,
                Source = plan.Source,
                Card = plan.Card,
                Files = files,
                Spec = plan.Spec,
            };
            // What the fingerprint leaves out, such as the address of a service, counts here too.
            var same = await FindWholeAsync(fingerprint, [_cache.FolderOf(plan.Name)], files, cancellation) is { } whole
                && File.ReadAllText(Path.Join(whole, ModelSpecFile.Name)) == yaml;
            if (same)
                Write(locked);
            else
                Exchange(assembled, locked);
            _cache.RemoveUnusedBlobs();
            return new(locked, _cache.FolderOf(plan.Name), Changed: !same);
        }
        finally
        {
            if (Directory.Exists(assembled))
                CacheDisk.DeleteFolder(assembled);
        }
    }

    /// <summary>Shows a folder and locks it: both, or neither.</summary>
    private void Exchange(string assembled, LockedModel locked)
    {
        var exchange = _cache.Show(assembled, locked.Name);
        try
        {
            Write(locked);
        }
        catch
        {
            exchange.Undo();
            throw;
        }

        exchange.Keep();
    }

    /// <summary>Refuses to put a model in the place, or before the eyes, of another of its name.</summary>
    private void RefuseAnother(string name, string wanted, Func<ModelFolder, Fingerprint?, bool> isSame)
    {
        foreach (var folder in ModelCatalog.Find([_cache.FolderOf(name), .. _options.OtherRoots]).Where(folder => folder.Name == name))
        {
            if (!isSame(folder, folder.Fingerprint))
            {
                throw new PinningException(PinningFailure.Conflict,
                    $"there is another model '{name}' in {folder.Directory}, with fingerprint {folder.Fingerprint?.Short} and revision '{folder.Spec?.Revision}'; wanted is {wanted}. "
                    + "Their vectors do not compare, and indexes of the one that is there stop working without it. --replace takes the new one in its place.");
            }
        }
    }

    private void Write(LockedModel locked)
    {
        if (_options.LockFile is { } file)
            ModelLockFile.Write((ModelLock.Read(file) ?? new(file, [])).With(locked));
    }

    private Task<T> WithCacheAsync<T>(Func<Task<T>> work, CancellationToken cancellation) => CacheDisk.GuardAsync(_cache.Directory, async () =>
    {
        using var held = await _cache.LockAsync(() => _observer?.Waiting(_cache.Directory), _time, cancellation);
        return await work();
    });
}
