using System.Globalization;
using System.Text;
using DriftGuard.Core.Embedding;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DriftGuard.Embedding.Pinning.Lock;

/// <summary>The lock file on the disk. The same models give the same bytes, so that a change of it is a change of what runs.</summary>
internal static class ModelLockFile
{
    private const string Version = "1";

    private const string Head = """
        # The embedding models that this deployment runs, down to the bytes of their files. Keep it with the configuration.
        #
        # Written by `driftguard models pull`, `add` and `remove`; not meant to be edited. `driftguard models pull` without a name fetches
        # exactly these models, and a model that is not here, or has another fingerprint, is refused when DriftGuard runs.

        """;

    public static ModelLock Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PinningException(PinningFailure.Unavailable, $"the lock file {path} cannot be read: {e.Message}", e);
        }

        var file = YamlKeys.Parse(text, path);
        file.RefuseKeysBut("version", "models");
        if (file.Text("version") is var version && version != Version)
            throw file.Error(file.Find("version")!, $"version is '{version}': expected {Version}. A newer DriftGuard wrote this lock file; use that one.");
        var models = file.Mappings("models").Select(ReadModel).ToList();
        return models.GroupBy(model => model.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new PinningException(PinningFailure.Invalid, $"{path}: '{twice.Key}' is locked twice; remove one.")
            : new ModelLock(path, models);
    }

    /// <summary>Writes the file, unless it says the same already: it may lie where nothing can be written.</summary>
    public static void Write(ModelLock models)
    {
        var text = Format(models);
        if (File.Exists(models.File) && File.ReadAllText(models.File) == text)
            return;
        var temporary = $"{models.File}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(models.File))!);
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, models.File, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(temporary);
            throw new PinningException(PinningFailure.Unavailable, $"the lock file {models.File} cannot be written: {e.Message} Set models.lockFile to a file that can.", e);
        }
    }

    internal static string Format(ModelLock models) => Head + YamlKeys.Write(new YamlMappingNode
    {
        { "version", Version },
        { "models", new YamlSequenceNode(models.Models.Select(Node)) },
    });

    private static LockedModel ReadModel(YamlKeys model)
    {
        model.RefuseKeysBut("name", "fingerprint", "provider", "model", "revision", "source", "card", "files", "spec");
        var files = model.Mappings("files").Select(ReadFile).ToList();
        ModelFileNames.CheckTogether(files.Select(file => file.Path));
        var locked = new LockedModel
        {
            Name = ModelFileNames.CheckModelName(model.Text("name")),
            Fingerprint = Fingerprint.TryParse(model.Text("fingerprint"), out var fingerprint)
                ? fingerprint
                : throw model.Error(model.Find("fingerprint")!, "fingerprint: expected 64 lower-case hex digits."),
            Provider = model.Text("provider"),
            Model = model.Text("model"),
            Revision = model.OptionalText("revision") ?? "",
            Source = model.Text("source"),
            Card = model.OptionalText("card"),
            Files = files,
            Spec = model.Mapping("spec").Node,
        };
        if (locked.Repository is { } repository)
            HubSource.CheckRepository(repository);
        return locked;
    }

    private static LockedFile ReadFile(YamlKeys file)
    {
        file.RefuseKeysBut("role", "path", "sha256", "bytes");
        return new(
            file.Text("role"), ModelFileNames.CheckPath(file.Text("path")), file.Sha256(file.Text("sha256")),
            long.TryParse(file.Text("bytes"), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
                ? bytes
                : throw file.Error(file.Find("bytes")!, "bytes: expected a whole number."));
    }

    private static YamlMappingNode Node(LockedModel model)
    {
        var node = new YamlMappingNode
        {
            { "name", model.Name },
            { "fingerprint", model.Fingerprint.Id },
            { "provider", model.Provider },
            { "model", Quoted(model.Model) },
        };
        if (model.Revision.Length > 0)
            node.Add("revision", Quoted(model.Revision));
        node.Add("source", Quoted(model.Source));
        if (model.Card is { } card)
            node.Add("card", Quoted(card));
        if (model.Files.Count > 0)
            node.Add("files", new YamlSequenceNode(model.Files.Select(Node)));
        node.Add("spec", model.Spec);
        return node;
    }

    private static YamlMappingNode Node(LockedFile file) => new()
    {
        { "role", file.Role },
        { "path", Quoted(file.Path) },
        { "sha256", Quoted(file.Sha256) },
        { "bytes", file.Bytes.ToString(CultureInfo.InvariantCulture) },
    };

    private static YamlScalarNode Quoted(string text) => new(text) { Style = ScalarStyle.DoubleQuoted };

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The error that is reported is the first one.
        }
    }
}
