using System.Text;
using DriftGuard.Core.Calibration;

namespace DriftGuard.Worker.Calibration;

/// <summary>Reads a calibration set from its folder.</summary>
public static class CalibrationSetFolder
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads <c>set.yaml</c>, <c>queries.jsonl</c> and <c>qrels.tsv</c>, and <c>corpus.jsonl</c> and <c>pairs.tsv</c> where they are.</summary>
    /// <param name="directory">The folder of the set; its name is the set's name.</param>
    /// <exception cref="CalibrationSetException">The set cannot be used; the exception lists everything that is wrong in all of its files.</exception>
    public static CalibrationSet Load(string directory)
    {
        var problems = new List<CalibrationProblem>();
        if (!Directory.Exists(directory))
        {
            problems.Add(new(CalibrationProblemSeverity.Error, ".", null, "there is no such folder; a calibration set is a folder with set.yaml, queries.jsonl and qrels.tsv."));
            throw new CalibrationSetException(directory, problems);
        }

        var name = new DirectoryInfo(directory).Name;
        var header = ReadRequired(directory, CalibrationSetFiles.Header, problems) is { } yaml
            ? CalibrationSetYaml.Read(yaml, name, problems)
            : null;
        var queries = ReadRequired(directory, CalibrationSetFiles.Queries, problems);
        var qrels = ReadRequired(directory, CalibrationSetFiles.Qrels, problems);
        var corpus = ReadOptional(directory, CalibrationSetFiles.Corpus, problems);
        var pairs = ReadOptional(directory, CalibrationSetFiles.Pairs, problems);
        CalibrationSet? set = null;

        // Without one of the two, every line of the other would be a problem.
        if (queries is not null && qrels is not null)
            problems.AddRange(CalibrationSetParser.Parse(header, new CalibrationSetText(queries, qrels, corpus, pairs), out set));
        return set is not null && problems.TrueForAll(problem => problem.Severity == CalibrationProblemSeverity.Warning)
            ? set
            : throw new CalibrationSetException(directory, problems);
    }

    private static string? ReadRequired(string directory, string file, List<CalibrationProblem> problems)
    {
        if (File.Exists(Path.Combine(directory, file)))
            return Read(directory, file, problems);
        problems.Add(new(CalibrationProblemSeverity.Error, file, null, "is not there; every calibration set has one."));
        return null;
    }

    private static string? ReadOptional(string directory, string file, List<CalibrationProblem> problems) =>
        File.Exists(Path.Combine(directory, file)) ? Read(directory, file, problems) : null;

    private static string? Read(string directory, string file, List<CalibrationProblem> problems)
    {
        try
        {
            return Strict.GetString(File.ReadAllBytes(Path.Combine(directory, file)));
        }
        catch (DecoderFallbackException exception)
        {
            problems.Add(new(CalibrationProblemSeverity.Error, file, null, $"is not UTF-8 at byte {exception.Index}; save it as UTF-8."));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(new(CalibrationProblemSeverity.Error, file, null, $"cannot be read: {exception.Message}"));
        }

        return null;
    }
}
