using DriftGuard.Core.Calibration;
using DriftGuard.Embedding;
using DriftGuard.Embedding.Pinning;
using DriftGuard.Qdrant;
using DriftGuard.Qdrant.Embedded;
using DriftGuard.State;
using DriftGuard.State.Archives;
using DriftGuard.Worker;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Installation;

namespace DriftGuard.Cli.Shell;

/// <summary>What an exception means to a user. The one place that knows which exceptions are users' mistakes.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Message">One sentence.</param>
/// <param name="Details">Further lines, each a thing that is wrong.</param>
/// <param name="Hint">What to do.</param>
internal sealed record CommandError(ExitCode Code, string Message, IReadOnlyList<string> Details, string? Hint)
{
    public static CommandError From(Exception error, bool cancelled) => error switch
    {
        CommandException known => new(known.Code, known.Message, [], known.Hint),
        ConfigurationException { Problems: [var problem] } => new(ExitCode.Usage, problem.ToString(), [], null),
        ConfigurationException known => new(
            ExitCode.Usage, $"the configuration has {known.Problems.Count} problems", [.. known.Problems.Select(p => p.ToString())], null),
        InstallationInUseException known => new(ExitCode.Conflict, known.Message, [], null),
        InstallationException or EmbeddedQdrantException => new(ExitCode.Unavailable, error.Message, [], null),
        OperatorException known => Lines(CodeOf(known.Error), known.Message),
        CalibrationSetException known => Lines(ExitCode.Usage, known.Message),
        QdrantException known => new(CodeOf(known.Kind), known.Message, [], HintOf(known.Kind)),
        VectorException known => new(ExitCode.Unavailable, known.Message, [], null),
        ModelException { Problems: [var problem] } known => new(known.IsMissing ? ExitCode.NotFound : ExitCode.Usage, problem.ToString(), [], null),
        ModelException known => new(ExitCode.Usage, $"the model in {known.Directory} cannot be used", [.. known.Problems.Select(p => p.ToString())], null),
        PinningException known => new(CodeOf(known.Failure), known.Message, [], null),
        EmbeddingProviderException known => new(ExitCode.Unavailable, known.Message, [], null),
        StateArchiveException known => new(ExitCode.Refused, known.Message, [], null),
        StateConflictException known => new(ExitCode.Conflict, known.Message, [], null),
        StateException known => new(ExitCode.Unavailable, known.Message, [], null),
        OperationCanceledException when cancelled => new(ExitCode.Cancelled, "stopped; what was done stays, and the same command goes on from there; a rollout goes on with 'driftguard rollout resume' as well", [], null),
        _ => new(
            ExitCode.UnexpectedError, $"unexpected error: {error.Message}", [], "run the command again with --verbose to see where it comes from"),
    };

    private static ExitCode CodeOf(OperatorError error) => error switch
    {
        OperatorError.NotFound => ExitCode.NotFound,
        OperatorError.Conflict => ExitCode.Conflict,
        OperatorError.Refused => ExitCode.Refused,
        OperatorError.Unavailable => ExitCode.Unavailable,
        OperatorError.Inconclusive => ExitCode.Inconclusive,
        _ => ExitCode.Usage,
    };

    private static ExitCode CodeOf(PinningFailure failure) => failure switch
    {
        PinningFailure.NotFound => ExitCode.NotFound,
        PinningFailure.Refused => ExitCode.Refused,
        PinningFailure.Unavailable => ExitCode.Unavailable,
        PinningFailure.Conflict => ExitCode.Conflict,
        _ => ExitCode.Usage,
    };

    private static string? HintOf(QdrantFailure failure) => failure switch
    {
        QdrantFailure.Unauthenticated => "The key is qdrant.apiKeyFile or qdrant.apiKey of the configuration, or DRIFTGUARD__QDRANT__APIKEY.",
        QdrantFailure.Tls => "The address is qdrant.address of the configuration, the authority qdrant.caCertificateFile.",
        QdrantFailure.Unreachable => "The address is qdrant.address of the configuration, or DRIFTGUARD__QDRANT__ADDRESS.",
        _ => null,
    };

    /// <summary>A message of several lines is a headline with details.</summary>
    private static CommandError Lines(ExitCode code, string message)
    {
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new(code, lines[0], lines[1..], null);
    }

    private static ExitCode CodeOf(QdrantFailure failure) => failure switch
    {
        QdrantFailure.NotFound => ExitCode.NotFound,
        QdrantFailure.AlreadyExists => ExitCode.Conflict,
        QdrantFailure.InvalidArgument or QdrantFailure.Other => ExitCode.UnexpectedError,
        _ => ExitCode.Unavailable,
    };
}
