using DriftGuard.Fuzz.Tests.Http;

namespace DriftGuard.Fuzz.Tests.Targets;

/// <summary>The management API, and what else <c>serve</c> answers for people: a foreseen answer to whatever is sent.</summary>
internal static class ManagementApiTarget
{
    public static FuzzedServer Server { get; } = new();

    public static void Run(ReadOnlySpan<byte> input) => Server.Run(input);
}
