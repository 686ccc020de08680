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
    private readonly Action<string, string> move;
    private bool replaces;
    private bool keeps;

    private SetFolderExchange(string place, string aside, Action<string, string> move)
    {
        (this.place, this.aside, this.move) = (place, aside, move);
        New = Path.Join(aside, Path.GetFileName(place));
    }

    /// <summary>The new folder, to be filled; it has the set's name already.</summary>
    public string New { get; }

    private string Old => Path.Join(aside, "replaced");

    /// <summary>Begins; the folder that holds sets is made if it is not there.</summary>
    /// <param name="place">Where the set will be.</param>
    /// <param name="replace">Whether a set that is there may be replaced.</param>
    /// <param name="option">The option that allows it, for the message.</param>
    /// <param name="move">Renames a folder; the system's unless given.</param>
    /// <exception cref="OperatorException">Something is there that may not be replaced, or nothing can be written.</exception>
    public static SetFolderExchange Begin(string place, bool replace, string option = "--force", Action<string, string>? move = null)
    {
        var name = Path.GetFileName(place);
        if (File.Exists(place) || (Directory.Exists(place) && !File.Exists(Path.Join(place, CalibrationSetFiles.Header)) && Directory.EnumerateFileSystemEntries(place).Any()))
        {
            throw new OperatorException(OperatorError.Conflict, $"{place} is there and is no calibration set; choose another name");
        }

        if (Directory.Exists(place) && !replace)
        {
            throw new OperatorException(OperatorError.Conflict, $"calibration set {place} is there already; choose another name, or replace it with {option}");
        }

        return Writing(place, () =>
        {
            var parent = Path.GetDirectoryName(place)!;
            var exchange = new SetFolderExchange(place, Path.Join(parent, $".{name}.{Guid.NewGuid():N}"), move ?? Directory.Move);
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
    /// <exception cref="OperatorException">It could not be put there; the message says where the old one is, if that is not its place.</exception>
    public void Commit() => Writing(place, () =>
    {
        replaces = Directory.Exists(place);
        if (replaces)
        {
            move(place, Old);
        }

        try
        {
            move(New, place);
        }
        catch (Exception problem) when (replaces && problem is IOException or UnauthorizedAccessException && !PutBack())
        {
            throw new OperatorException(OperatorError.Conflict, $"{place} cannot be written: {problem.Message}; what was there could not be put back and is whole in {Old}: move it from there by hand");
        }

        return true;
    });

    /// <summary>Takes back a <see cref="Commit"/> that another depended on.</summary>
    /// <returns>What became of it, in words.</returns>
    public string Undo()
    {
        try
        {
            move(place, New);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            keeps = replaces;
            return $"{place} was written and could not be taken back: {problem.Message}{(replaces ? $"; what was there before is in {Old}" : "")}";
        }

        return replaces && !PutBack() ? $"what was in {place} could not be put back and is whole in {Old}: move it from there by hand" : $"{place} is as it was";
    }

    /// <summary>What has been replaced goes away with the rest, unless it is nowhere else.</summary>
    public void Dispose()
    {
        if (!keeps && Directory.Exists(aside))
        {
            Directory.Delete(aside, recursive: true);
        }
    }

    private bool PutBack()
    {
        try
        {
            move(Old, place);
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            keeps = true;
            return false;
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
