using DriftGuard.Core.Calibration;

namespace DriftGuard.Worker.Calibration;

/// <summary>The calibration sets of an installation: folders under the configured roots, by name or by path.</summary>
/// <param name="roots">Folders that hold sets, searched in order.</param>
public sealed class CalibrationSets(IReadOnlyList<string> roots)
{
    /// <summary>Loads a set.</summary>
    /// <param name="nameOrPath">A set's name, or the path of its folder.</param>
    /// <exception cref="OperatorException">There is no such set.</exception>
    /// <exception cref="CalibrationSetException">The set has problems; the message lists all of them.</exception>
    public CalibrationSet Load(string nameOrPath) => CalibrationSetFolder.Load(FolderOf(nameOrPath));

    /// <summary>A set as it is recorded, so that it is found from any working folder: a name as it is, a path in full.</summary>
    public static string Recorded(string nameOrPath) => IsPath(nameOrPath) ? Path.GetFullPath(nameOrPath) : nameOrPath;

    /// <summary>The same, once it was read: a set that cannot be is refused when it is named, not when a rollout has waited for it.</summary>
    /// <inheritdoc cref="Load" path="/exception"/>
    public string? RecordedOnceRead(string? nameOrPath)
    {
        if (nameOrPath is null)
        {
            return null;
        }

        _ = Load(nameOrPath);
        return Recorded(nameOrPath);
    }

    /// <summary>Whether there is such a set, sound or not.</summary>
    public bool Contains(string nameOrPath) => Candidates(nameOrPath).Exists(IsSet);

    /// <summary>The folder of a set.</summary>
    /// <exception cref="OperatorException">There is no such set.</exception>
    public string FolderOf(string nameOrPath)
    {
        var candidates = Candidates(nameOrPath);
        return candidates.Find(IsSet)
            ?? throw new OperatorException(OperatorError.NotFound,
                $"there is no calibration set '{nameOrPath}' (looked for {string.Join(", ", candidates.Select(c => Path.Join(c, "set.yaml")))}); known: {Known()}");
    }

    private static bool IsPath(string nameOrPath) => nameOrPath.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static bool IsSet(string folder) => File.Exists(Path.Join(folder, "set.yaml"));

    private List<string> Candidates(string nameOrPath) => IsPath(nameOrPath) ? [Path.GetFullPath(nameOrPath)] : [.. roots.Select(r => Path.Join(r, nameOrPath))];

    /// <summary>The names of the sets, sound or not.</summary>
    public IReadOnlyList<string> Names() =>
        [.. roots.Where(Directory.Exists).SelectMany(Directory.GetDirectories).Where(IsSet).Select(folder => Path.GetFileName(folder)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>A name of a set that somebody sent who has no business with the folders of this machine; null stays null.</summary>
    /// <exception cref="OperatorException">It is a path.</exception>
    public static string? RequireName(string? name) => name is not null && (IsPath(name) || name is "" or "." or "..")
        ? throw new OperatorException(OperatorError.Invalid, "a calibration set is named here by its name, not by a path; GET /api/v1/calibration-sets lists them")
        : name;

    private string Known() => Names() is { Count: > 0 } names ? string.Join(", ", names) : "none";
}
