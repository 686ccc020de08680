using DriftGuard.Fuzz.Tests.Targets;

namespace DriftGuard.Fuzz.Tests;

/// <summary>Gives an input to something of DriftGuard.</summary>
/// <param name="input">Bytes as they may come from outside.</param>
/// <exception cref="FindingException">The answer is none that DriftGuard may give. Anything else that is thrown is one that it did not foresee.</exception>
internal delegate void FuzzInput(ReadOnlySpan<byte> input);

/// <summary>Something of DriftGuard that takes bytes from outside.</summary>
/// <param name="Name">Its name, which is that of the folder of its corpus.</param>
/// <param name="Run">Gives it an input.</param>
/// <param name="Mutations">Mutations that a run of the tests tries.</param>
internal sealed record FuzzTarget(string Name, FuzzInput Run, int Mutations)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("configuration", ConfigurationTarget.Run, 3_000),
        new("calibration-sets", CalibrationSetTarget.Run, 2_000),
        new("models", ModelTarget.Run, 1_500) { MessageOf = ModelTarget.MessageOf },
        new("management-api", ManagementApiTarget.Run, 1_000),
        new("gateway", GatewayTarget.Run, 1_500),
        new("qdrant", QdrantTarget.Run, 2_500) { MessageOf = QdrantTarget.MessageOf },
    ];

    /// <summary>Where in an input a protobuf message begins, which mutations then change field by field; null where there is none.</summary>
    public Func<byte[], int?> MessageOf { get; init; } = _ => null;

    /// <summary>The target of a name.</summary>
    public static FuzzTarget Of(string name) => All.Single(target => target.Name == name);
}

/// <summary>Something answered as it must not.</summary>
/// <param name="message">What was found.</param>
/// <param name="cause">What was thrown, if that is it.</param>
internal sealed class FindingException(string message, Exception? cause = null) : Exception(message, cause);
