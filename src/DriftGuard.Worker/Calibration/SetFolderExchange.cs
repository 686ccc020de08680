using System.Text;
using DriftGuard.Core.Calibration;

namespace DriftGuard.Worker.Calibration;

/// <summary>
/// Makes a new folder of a set beside its place and puts it there by a rename, so that what is found under its name is whole. What was there
/// before goes away only once the new one is in its place.
/// </summary>
internal sealed class SetFolderExchange : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly string place;
    private readonly string aside;

    private SetFolderExchange(string place, string aside)
    {
        (this.place, this.aside) = (place, aside);
        New = Path.Join(aside, Path.GetFileName(place));
    }

    /// <summary>The new folder, to be filled; it has the set's name already.</summary>
    public string New { get; }

    /// <summary>Begins; the folder that holds sets is made if it is not there.</summary>
    /// <param name="place">Where the set will be.</param>
    /// <param name="force">Whether a set that is there may be replaced.</param>
    /// <exception cref="OperatorException">Something is there that may not be replaced, or nothing can be written.</exception>
    public static SetFolderExchange Begin(string place, bool force)
    {
        var name = Path.GetFileName(place);
        if (File.Exists(place) || (Directory.Exists(place) && !File.Exists(Path.Join(place, CalibrationSetFiles.Header)) && Directory.EnumerateFileSystemEntries(place).Any()))
        {
            throw new OperatorException(OperatorError.Conflict, $"{place} is there and is no calibration set; choose another name");
        }

        if (Directory.Exists(place) && !force)
        {
            throw new OperatorException(OperatorError.Conflict, $"calibration set {place} is there already; choose another name, or replace it with --force");
        }

        return Writing(place, () =>
        {
            var parent = Path.GetDirectoryName(place)!;
            var exchange = new SetFolderExchange(place, Path.Join(parent, $".{name}.{Guid.NewGuid():N}"));
            Directory.CreateDirectory(exchange.New);
            return exchange;
        });
    }

    /// <summary>Writes a file of the new folder.</summary>
    public void Write(string file, string content) => Writing(place, () =>
    {
        File.WriteAllText(Path.Join(New, file), content, Utf8);
        return true;
    });

    /// <summary>Puts the new folder in its place.</summary>
    public void Commit() => Writing(place, () =>
    {
        var old = Path.Join(aside, "replaced");
        var replaces = Directory.Exists(place);
        if (replaces)
        {
            Directory.Move(place, old);
        }

        try
        {
            Directory.Move(New, place);
        }
        catch when (replaces)
        {
            Directory.Move(old, place);
            throw;
        }

        return true;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(aside))
        {
            Directory.Delete(aside, recursive: true);
        }
    }

    private static T Writing<T>(string place, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(OperatorError.Conflict, $"{place} cannot be written: {problem.Message}");
        }
    }
}
