using System.Security.Authentication;
using Grpc.Core;

namespace DriftGuard.Qdrant.Connection;

/// <summary>Turns a gRPC status into a <see cref="QdrantException"/> that says what happened and what to do.</summary>
internal static class Failures
{
    public static QdrantException Of(RpcException exception, Call call, QdrantOptions options, bool hasKey, bool outcomeUnknown, int attempts)
    {
        var kind = KindOf(exception);
        var cause = CauseOf(exception);
        var repeats = attempts > 1 ? $" after {attempts} attempts" : "";
        var message = $"{Subject(call, options)} failed{repeats}: {cause} [{exception.StatusCode}]. {Advice(kind, exception, options, hasKey)}"
            + (outcomeUnknown ? " The write may have happened or may still happen." : "");
        return new QdrantException(message, exception)
        {
            Kind = kind,
            OutcomeUnknown = outcomeUnknown,
            Operation = call.Operation,
            Collection = call.Collection,
        };
    }

    public static string Subject(Call call, QdrantOptions options) => call.Collection is null
        ? $"{call.Operation} at {options.Address}"
        : $"{call.Operation} on '{call.Collection}' at {options.Address}";

    /// <summary>What the server or the transport says.</summary>
    public static string CauseOf(RpcException exception) =>
        Innermost(Transport(exception))?.Message ?? (exception.Status.Detail is { Length: > 0 } detail ? detail : exception.StatusCode.ToString());

    /// <summary>Whether another attempt can help: nobody answered, the connection broke, or the server was overloaded.</summary>
    public static bool IsPassing(RpcException exception) => KindOf(exception) is QdrantFailure.Unreachable or QdrantFailure.Exhausted;

    /// <summary>
    /// Whether a failed write may have happened. Refusals say that it did not; a fault inside the server does not: a switch of aliases
    /// that answered with an internal error was seen to apply itself later.
    /// </summary>
    public static bool LeavesOutcomeUnknown(RpcException exception) =>
        !NeverConnected(exception)
        && (Transport(exception) is not null
            || exception.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled or StatusCode.Internal
                or StatusCode.Unknown or StatusCode.Aborted or StatusCode.DataLoss);

    private static QdrantFailure KindOf(RpcException exception) => exception.StatusCode switch
    {
        _ when FailedAtTls(exception) => QdrantFailure.Tls,
        _ when Transport(exception) is not null || ConnectTimedOut(exception) => QdrantFailure.Unreachable,
        StatusCode.Unavailable => QdrantFailure.Unreachable,
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => QdrantFailure.Unauthenticated,
        StatusCode.NotFound => QdrantFailure.NotFound,
        StatusCode.AlreadyExists => QdrantFailure.AlreadyExists,
        StatusCode.InvalidArgument or StatusCode.OutOfRange or StatusCode.FailedPrecondition => QdrantFailure.InvalidArgument,
        // Qdrant's transport answers "cancelled" where it is the server that gave up at the deadline.
        StatusCode.DeadlineExceeded or StatusCode.Cancelled => QdrantFailure.Timeout,
        StatusCode.ResourceExhausted => QdrantFailure.Exhausted,
        StatusCode.Unimplemented => QdrantFailure.Unimplemented,
        _ => QdrantFailure.Other,
    };

    private static string Advice(QdrantFailure kind, RpcException exception, QdrantOptions options, bool hasKey) => kind switch
    {
        QdrantFailure.Unreachable when options.Address.Scheme == Uri.UriSchemeHttp && !NeverConnected(exception) =>
            "The connection was made and then broke: check that Qdrant is running there without TLS (else use https://) and that the port is the gRPC one.",
        QdrantFailure.Unreachable => "Check that Qdrant is running, and that the address is its gRPC port (6334 unless moved).",
        QdrantFailure.Tls => "Check that the server speaks TLS on this port (else use http://), that its certificate names this host, and that "
            + (options.CaCertificateFile is null ? "the system trusts it (else set a CA certificate file)." : $"'{options.CaCertificateFile}' is its authority."),
        QdrantFailure.Unauthenticated when exception.StatusCode == StatusCode.PermissionDenied => "Use an API key that is allowed to do this.",
        QdrantFailure.Unauthenticated => hasKey ? "Check the API key: this one is refused." : "Set an API key: this Qdrant wants one.",
        QdrantFailure.NotFound => "Check the name; it may have been deleted or re-pointed meanwhile.",
        QdrantFailure.AlreadyExists => "Choose another name: a name is never used twice.",
        QdrantFailure.InvalidArgument => "The request will fail again as it is.",
        QdrantFailure.Timeout => "Check the load of Qdrant, or allow more time.",
        QdrantFailure.Exhausted => "Send less, or raise the limits of Qdrant.",
        QdrantFailure.Unimplemented => "Check that the address is Qdrant's gRPC port (6334 unless moved, not REST's 6333), and that its version is 1.16 or later.",
        _ => "See Qdrant's log.",
    };

    private static bool NeverConnected(RpcException exception) =>
        FailedAtTls(exception)
        || ConnectTimedOut(exception)
        || Transport(exception) is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };

    // The call's own deadline has a status of its own; a timeout below it is that of connecting.
    private static bool ConnectTimedOut(RpcException exception) =>
        exception.Status.DebugException is OperationCanceledException { InnerException: { } inner }
        && (inner is TimeoutException || inner.InnerException is TimeoutException);

    private static bool FailedAtTls(RpcException exception) =>
        Transport(exception) is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } or { InnerException: AuthenticationException };

    /// <summary>What an exception of the handshake hides behind "see inner exception".</summary>
    private static Exception? Innermost(Exception? exception) =>
        exception is { InnerException: { } inner } && exception.Message.Contains("inner exception", StringComparison.Ordinal) ? Innermost(inner) : exception;

    /// <summary>What broke below gRPC; null where the server answered with a status, or the deadline passed.</summary>
    private static Exception? Transport(RpcException exception) =>
        exception.Status.DebugException is { } cause and (HttpRequestException or IOException) ? cause : null;
}
