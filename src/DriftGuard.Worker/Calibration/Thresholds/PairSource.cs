using System.Text;
using DriftGuard.Core.Calibration;
using DriftGuard.Core.Calibration.Thresholds;
using DriftGuard.Worker.Indexes;

namespace DriftGuard.Worker.Calibration.Thresholds;

/// <summary>Labelled pairs of a calibration set or a file, and what their scores and columns mean.</summary>
/// <param name="Name">The set as it is recorded, or the file's path.</param>
/// <param name="Title">Both in words.</param>
/// <param name="Pairs">The pairs; maybe none.</param>
/// <param name="Rules">Declared, or from the request.</param>
/// <param name="Set">The set; null for a file.</param>
internal sealed record SourcePairs(string Name, string Title, IReadOnlyList<LabelledPair> Pairs, PairRules Rules, CalibrationSet? Set);

/// <summary>Finds the labelled pairs that a request names.</summary>
internal sealed class PairSource(CalibrationSets sets)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="OperatorException">There is neither set nor file, or the file has problems.</exception>
    /// <exception cref="CalibrationSetException">The set has problems.</exception>
    public SourcePairs Load(ServingIndex index, PairRequest request)
    {
        if (request.File is { } file)
        {
            return With(FromFile(Path.GetFullPath(file)), request);
        }

        var name = request.CalibrationSet ?? index.Definition.CalibrationSet ?? throw new OperatorException(OperatorError.Invalid,
            $"index '{index.Definition.Name}' has no calibration set; name one with --calibration-set, or a file of labelled pairs with --pairs");
        var set = sets.Load(name);
        return With(new(CalibrationSets.Recorded(name), $"calibration set '{set.Name}'", set.Pairs, set.Header.Pairs, set), request);
    }

    /// <summary>What the request says counts more. One limit of it takes the place of both: the other one belonged to the declared one.</summary>
    private static SourcePairs With(SourcePairs source, PairRequest request)
    {
        var limits = request.PositiveFrom is null && request.NegativeBelow is null ? (source.Rules.PositiveFrom, source.Rules.NegativeBelow) : (request.PositiveFrom, request.NegativeBelow);
        return source with { Rules = source.Rules with { PositiveFrom = limits.Item1, NegativeBelow = limits.Item2, Kinds = request.Kinds ?? source.Rules.Kinds } };
    }

    /// <summary>Every further column of a file of its own is one of slices.</summary>
    private static SourcePairs FromFile(string path)
    {
        var pairs = PairLines.Read(Path.GetFileName(path), Text(path), out var columns, out var problems);
        var errors = problems.Where(problem => problem.Severity == CalibrationProblemSeverity.Error).ToList();
        return errors.Count == 0
            ? new(path, $"file '{path}'", pairs, new() { Slices = columns }, null)
            : throw new OperatorException(OperatorError.Invalid,
                $"the pairs in '{path}' have {errors.Count} {(errors.Count == 1 ? "error" : "errors")}:\n{string.Join('\n', errors.Take(20).Select(error => $"  {error}"))}"
                + (errors.Count > 20 ? $"\n  and {errors.Count - 20} more" : ""));
    }

    private static string Text(string path)
    {
        try
        {
            return Strict.GetString(File.ReadAllBytes(path));
        }
        catch (DecoderFallbackException exception)
        {
            throw new OperatorException(OperatorError.Invalid, $"'{path}' is not UTF-8 at byte {exception.Index}; save it as UTF-8");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new OperatorException(OperatorError.NotFound, $"there is no file '{path}'; --pairs names a file with the columns score, sentence1, sentence2, separated by tabs");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(OperatorError.Invalid, $"'{path}' cannot be read: {exception.Message}");
        }
    }
}
