using DriftGuard.Qdrant.Embedded.Tests.Durability;

namespace DriftGuard.Qdrant.Embedded.Tests;

/// <summary>Runs the tests; or, as a child of one, a server that waits to be killed.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is [ServerProcess.Mode, var directory]) return await ServerProcess.ServeAsync(directory);
        return await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
    }
}
