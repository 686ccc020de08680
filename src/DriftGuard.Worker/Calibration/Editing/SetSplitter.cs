using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Power;
using DriftGuard.Core.Calibration.Splitting;
using DriftGuard.Worker.Calibration.Building;

namespace DriftGuard.Worker.Calibration.Editing;

/// <summary>How a set is divided.</summary>
/// <param name="Set">The set, by name or folder.</param>
/// <param name="First">The first half: a name for a folder beside the set's, or a folder.</param>
/// <param name="Second">The second half.</param>
public sealed record SplitRequest(string Set, string First, string Second)
{
    /// <summary>Share of the queries that go to the first half, in (0, 1).</summary>
    public double Share { get; init; } = .5;

    /// <summary>Seed of the draw.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The field whose values keep their shares; the declared slices unless set.</summary>
    public string? By { get; init; }

    /// <summary>Whether halves that cannot decide are made all the same.</summary>
    public bool Force { get; init; }

    /// <summary>Whether sets that stand in the halves' places are replaced.</summary>
    public bool Replace { get; init; }
}

/// <summary>A half.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Set">The set.</param>
/// <param name="CanDecide">Whether it has groups enough to show a match.</param>
public sealed record SplitHalf(string Folder, CalibrationSet Set, bool CanDecide);

/// <summary>A set divided.</summary>
/// <param name="First">The first half.</param>
/// <param name="Second">The second.</param>
/// <param name="SharedDocuments">Documents that are relevant to queries of both.</param>
/// <param name="Strata">The fields whose values kept their shares.</param>
/// <param name="Seed">Seed of the draw.</param>
public sealed record SplitSets(SplitHalf First, SplitHalf Second, int SharedDocuments, IReadOnlyList<string> Strata, int Seed);

/// <summary>Divides a set into two complete ones.</summary>
/// <param name="sets">The sets there are.</param>
public sealed class SetSplitter(CalibrationSets sets)
{
    /// <summary>Divides it.</summary>
    /// <exception cref="OperatorException">A half could not decide, or something stands in its place; nothing was written.</exception>
    public SplitSets Split(SplitRequest request)
    {
        var folder = sets.FolderOf(request.Set);
        var set = CalibrationSetFolder.Load(folder);
        IReadOnlyList<string> strata = request.By is { } by ? [by] : [.. set.Header.Slices.Select(slice => slice.Field)];
        if (request.By is not null && !set.Queries.Any(query => query.Fields.ContainsKey(request.By)))
        {
            throw new OperatorException(OperatorError.Invalid, $"no query of calibration set '{set.Name}' has a field '{request.By}' for --by");
        }

        var (first, second) = (FolderOf(request.First, folder), FolderOf(request.Second, folder));
        if (first == second || first == folder || second == folder)
        {
            throw new OperatorException(OperatorError.Invalid, $"--into takes two names, other than the set's own; found {request.First} and {request.Second}");
        }

        var split = CalibrationSplit.Of(set, request.Share, request.Seed, strata);
        var (one, other) = (set.Only(query => split.First.Contains(query.Id)), set.Only(query => split.Second.Contains(query.Id)));
        if (!request.Force && new[] { one, other }.Any(half => !SetPower.CanDecide(half)))
        {
            throw new OperatorException(OperatorError.Refused,
                $"a half could not decide: {one.Queries.Count} queries in {one.GroupCount} groups and {other.Queries.Count} in {other.GroupCount}; below {Core.Gate.MatchesOrBeats.MatchesOrBeatsRule.MinimumGroups} groups nothing can be shown to match. Nothing was written; label more, or divide it all the same with --force");
        }

        var pairs = PairSplit.First(set.Pairs, request.Share, request.Seed);
        var text = SetFiles.Read(folder);
        using var a = Begin(first, folder, SplitFiles.Of(text, split.First, pairs.Contains), request.Replace);
        using var b = Begin(second, folder, SplitFiles.Of(text, split.Second, line => !pairs.Contains(line)), request.Replace);
        var (left, right) = (CalibrationSetFolder.Load(a.New), CalibrationSetFolder.Load(b.New));
        a.Commit();
        CommitOrUndo(b, a);
        return new(new(first, left, SetPower.CanDecide(left)), new(second, right, SetPower.CanDecide(right)), split.SharedDocuments, strata, split.Seed);
    }

    private static string FolderOf(string name, string set) => name.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
        ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(name))
        : Path.Join(Path.GetDirectoryName(set), name);

    /// <summary>One half alone looks like a division that succeeded.</summary>
    private static void CommitOrUndo(SetFolderExchange second, SetFolderExchange first)
    {
        try
        {
            second.Commit();
        }
        catch (OperatorException problem)
        {
            throw new OperatorException(problem.Error, $"{problem.Message}; {first.Undo()}");
        }
    }

    /// <summary>A complete set: what it is, its lines, the documents, and who made them.</summary>
    private static SetFolderExchange Begin(string place, string source, CalibrationSetText text, bool replace)
    {
        var exchange = SetFolderExchange.Begin(place, replace, "--replace");
        exchange.Write(CalibrationSetFiles.Header, CalibrationSetYamlWriter.Renamed(File.ReadAllText(Path.Join(source, CalibrationSetFiles.Header)), Path.GetFileName(place)));
        exchange.Write(CalibrationSetFiles.Queries, text.Queries);
        exchange.Write(CalibrationSetFiles.Qrels, text.Qrels);
        if (text.Pairs is not null)
        {
            exchange.Write(CalibrationSetFiles.Pairs, text.Pairs);
        }

        foreach (var file in Directory.EnumerateFiles(source).Where(IsCopied))
        {
            File.Copy(file, Path.Join(exchange.New, Path.GetFileName(file)));
        }

        return exchange;
    }

    /// <summary>The licence of the texts goes with them.</summary>
    private static bool IsCopied(string file) => Path.GetFileName(file) is var name
        && (name == CalibrationSetFiles.Corpus || name.StartsWith("README", StringComparison.OrdinalIgnoreCase) || name.StartsWith("LICEN", StringComparison.OrdinalIgnoreCase));
}
