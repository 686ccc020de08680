using System.Text;
using DriftGuard.Core.Calibration;

namespace DriftGuard.Worker.Calibration.Editing;

/// <summary>Reads a set's files as they stand, and replaces single ones.</summary>
internal static class SetFiles
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The contents of a sound set's files; a byte-order mark stays.</summary>
    public static CalibrationSetText Read(string folder) => new(
        Text(folder, CalibrationSetFiles.Queries)!, Text(folder, CalibrationSetFiles.Qrels)!, Text(folder, CalibrationSetFiles.Corpus), Text(folder, CalibrationSetFiles.Pairs));

    /// <summary>
    /// Replaces files as wholes. All new contents are on the disk before the first rename; whatever ends this process, each file is the old
    /// one or the new one, and those that were renamed stand in the order given. Where a rename fails, those before it are taken back.
    /// </summary>
    /// <exception cref="OperatorException">One cannot be written; the message says whether anything is changed.</exception>
    public static void Replace(string folder, IReadOnlyList<(string File, string Content)> files)
    {
        var suffix = Guid.NewGuid().ToString("N");
        var renamed = new List<string>();
        try
        {
            foreach (var (file, content) in files)
            {
                using var stream = new FileStream(New(file), FileMode.CreateNew, FileAccess.Write);
                stream.Write(Strict.GetBytes(content));
                stream.Flush(flushToDisk: true);
                File.Copy(Place(file), Old(file));
            }

            foreach (var (file, _) in files)
            {
                File.Move(New(file), Place(file), overwrite: true);
                renamed.Add(file);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            var left = renamed.Where(file => !TryMove(Old(file), Place(file))).ToList();
            throw new OperatorException(OperatorError.Conflict, $"{Path.Join(folder, files[renamed.Count == files.Count ? 0 : renamed.Count].File)} cannot be written: {problem.Message}; "
                + (left.Count == 0 ? "the set is as it was" : $"{string.Join(" and ", left)} has been changed already and could not be put back: the same command again makes up for it"));
        }
        finally
        {
            foreach (var (file, _) in files)
            {
                TryDelete(New(file));
                TryDelete(Old(file));
            }
        }

        string Place(string file) => Path.Join(folder, file);
        string New(string file) => Path.Join(folder, $".{file}.{suffix}");
        string Old(string file) => Path.Join(folder, $".{file}.{suffix}.old");
    }

    private static bool TryMove(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: true);
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // What failed before is what matters; a file that begins with a point is no part of the set.
        }
    }

    private static string? Text(string folder, string file) =>
        File.Exists(Path.Join(folder, file)) ? Strict.GetString(File.ReadAllBytes(Path.Join(folder, file))) : null;
}
