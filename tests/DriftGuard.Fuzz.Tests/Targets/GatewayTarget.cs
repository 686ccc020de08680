using DriftGuard.Fuzz.Tests.Http;

namespace DriftGuard.Fuzz.Tests.Targets;

/// <summary>The gateway, which applications talk to: a foreseen answer to whatever they send.</summary>
internal static class GatewayTarget
{
    public static FuzzedServer Server { get; } = new();

    public static void Run(ReadOnlySpan<byte> input) => Server.Run(input);
}
