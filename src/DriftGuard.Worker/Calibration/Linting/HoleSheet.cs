using System.Text;
using DriftGuard.Core.Calibration;

namespace DriftGuard.Worker.Calibration.Linting;

/// <summary>The file that unjudged results are written to. One that is there may hold hours of somebody's judgements, so it is kept unless asked.</summary>
internal sealed class HoleSheet
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly bool force;

    private HoleSheet(string path, bool force) => (Path, this.force) = (path, force);

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>What separates its cells.</summary>
    public char Delimiter => System.IO.Path.GetExtension(Path).Equals(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',';

    /// <exception cref="OperatorException">A file is there and may not be replaced, or it is one that a set is made of.</exception>
    public static HoleSheet At(string file, bool force)
    {
        var sheet = new HoleSheet(System.IO.Path.GetFullPath(file), force);
        if (IsOfSet(sheet.Path))
        {
            throw new OperatorException(OperatorError.Invalid, $"{sheet.Path} is a file of a calibration set; a sheet is written beside it, under another name");
        }

        return force || !System.IO.Path.Exists(sheet.Path) ? sheet : throw sheet.IsThere();
    }

    /// <exception cref="OperatorException">It cannot be written.</exception>
    public async Task WriteAsync(string content, CancellationToken cancellation)
    {
        try
        {
            await using var stream = new FileStream(Path, force ? FileMode.Create : FileMode.CreateNew, FileAccess.Write);
            await stream.WriteAsync(Utf8.GetBytes(content), cancellation);
        }
        catch (IOException) when (!force && File.Exists(Path))
        {
            throw IsThere();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(OperatorError.Invalid, $"{Path} cannot be written: {problem.Message}");
        }
    }

    private OperatorException IsThere() => new(
        OperatorError.Conflict, $"{Path} is there already, maybe with grades that were filled in; take those with 'driftguard calibration add SET --judgements FILE', then name another file, or replace it with --force");

    private static bool IsOfSet(string path) =>
        System.IO.Path.GetFileName(path) is CalibrationSetFiles.Header or CalibrationSetFiles.Queries or CalibrationSetFiles.Qrels or CalibrationSetFiles.Corpus or CalibrationSetFiles.Pairs
        && File.Exists(System.IO.Path.Join(System.IO.Path.GetDirectoryName(path), CalibrationSetFiles.Header));
}
