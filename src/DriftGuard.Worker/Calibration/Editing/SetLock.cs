namespace DriftGuard.Worker.Calibration.Editing;

/// <summary>Lets one process at a time add to a set: two that read it at once would each write the other's lines away.</summary>
internal sealed class SetLock : IDisposable
{
    private readonly FileStream file;

    private SetLock(FileStream file) => this.file = file;

    /// <summary>Takes it; it is gone once this process is, however that ends.</summary>
    /// <exception cref="OperatorException">Another process has it, or the folder cannot be written.</exception>
    public static SetLock Take(string folder)
    {
        var path = Path.Join(folder, ".lock");
        try
        {
            return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose));
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new OperatorException(OperatorError.Conflict, $"another command is adding to the calibration set in {folder}; nothing was changed, try again when it is done");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(OperatorError.Conflict, $"the calibration set in {folder} cannot be written: {problem.Message}; nothing was changed");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
