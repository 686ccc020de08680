namespace DriftGuard.Fuzz.Tests;

/// <summary>Gives inputs to targets so that also a hang, and the end of the process, tell by which input.</summary>
internal static class GuardedRun
{
    /// <summary>Protection against hanging, also on a machine that does much else; a request for news of a route may wait half of it.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromMinutes(2);

    /// <summary>What is being tried lies here, and stays if the process ends by it.</summary>
    private static readonly string Tried = Directory.CreateDirectory(Path.Join(AppContext.BaseDirectory, "tried")).FullName;

    /// <summary>What an input finds; null where it has an answer as it must.</summary>
    public static Exception? FindingOf(FuzzTarget target, byte[] input)
    {
        var file = Path.Join(Tried, target.Name);
        File.WriteAllBytes(file, input);
        var run = Task.Run(() => target.Run(input));
        var ended = ((IAsyncResult)run).AsyncWaitHandle.WaitOne(LongestAnswer);
        File.Delete(file);
        return ended ? run.Exception?.InnerException : new FindingException($"there is no answer after {LongestAnswer}");
    }
}
