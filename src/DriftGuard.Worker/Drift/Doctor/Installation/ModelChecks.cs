using DriftGuard.Embedding;
using DriftGuard.Embedding.Pinning;
using DriftGuard.Worker.Calibration;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Drift.Doctor.Installation;

/// <summary>Every model that can be named, and those that are locked and absent.</summary>
internal static class ModelChecks
{
    public static IReadOnlyList<InstallationCheck> Of(ModelsOptions options)
    {
        var locked = new LockedModels(options);
        try
        {
            return
            [
                .. ModelCatalog.Find(options.SearchPath).Select(folder => Of(locked, folder)),
                .. locked.Missing().Select(name => new InstallationCheck($"model {name}", CheckOutcome.Fail, "it is in the lock file and not here", $"fetch it: driftguard models pull {name}")),
            ];
        }
        catch (PinningException problem)
        {
            return [new("lock file", CheckOutcome.Fail, problem.Message)];
        }
    }

    private static InstallationCheck Of(LockedModels locked, ModelFolder folder)
    {
        var subject = $"model {folder.Name}";
        var problems = folder.Problems.Count > 0 ? folder.Problems : folder.Address is null ? ModelCatalog.Verify(folder.Directory) : [];
        if (problems.Count > 0)
        {
            return new(subject, CheckOutcome.Fail, string.Join("; ", problems.Select(problem => problem.ToString())), $"bring back the files that its model.yaml pins, or remove {folder.Directory}");
        }

        try
        {
            locked.Find(folder.Name);
        }
        catch (OperatorException problem)
        {
            return new(subject, CheckOutcome.Warn, problem.Message);
        }

        return new(subject, CheckOutcome.Ok, folder.Address is { } address
            ? $"{folder.Spec!.Dimensions} dimensions, {folder.Fingerprint?.Short}, at {address}; not asked, 'driftguard model verify {folder.Name}' does"
            : $"{folder.Spec!.Dimensions} dimensions, {folder.Fingerprint?.Short}, opens and its files are those that it pins");
    }
}

/// <summary>Every calibration set under the roots.</summary>
internal static class CalibrationSetChecks
{
    public static IReadOnlyList<InstallationCheck> Of(IEnumerable<string> roots) =>
    [
        .. roots.Where(Directory.Exists).SelectMany(root => Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal)).Where(folder => File.Exists(Path.Join(folder, "set.yaml"))).Select(Of),
    ];

    private static InstallationCheck Of(string folder)
    {
        var subject = $"calibration set {Path.GetFileName(folder)}";
        try
        {
            var set = CalibrationSetFolder.Load(folder);
            return new(subject, CheckOutcome.Ok, $"{set.Queries.Count} queries in {set.GroupCount} groups");
        }
        catch (Core.Calibration.CalibrationSetException problem)
        {
            return new(subject, CheckOutcome.Fail, problem.Message.ReplaceLineEndings("; "), $"mend the files in {folder}");
        }
    }
}
