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
    /// Replaces a file as a whole: the new contents are on the disk before a rename puts them in its place. Whatever ends this process, the
    /// file is the old one or the new one.
    /// </summary>
    /// <exception cref="OperatorException">It cannot be written; it is as it was.</exception>
    public static void Replace(string folder, string file, string content)
    {
        var (place, beside) = (Path.Join(folder, file), Path.Join(folder, $".{file}.{Guid.NewGuid():N}"));
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(Strict.GetBytes(content));
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, place, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            File.Delete(beside);
            throw new OperatorException(OperatorError.Conflict, $"{place} cannot be written: {problem.Message}; it is as it was");
        }
    }

    private static string? Text(string folder, string file) =>
        File.Exists(Path.Join(folder, file)) ? Strict.GetString(File.ReadAllBytes(Path.Join(folder, file))) : null;
}
