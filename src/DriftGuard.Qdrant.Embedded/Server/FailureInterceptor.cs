using DriftGuard.Qdrant.Embedded.Collections;
using DriftGuard.Qdrant.Embedded.Storage;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Qdrant.Embedded.Server;

/// <summary>Turns what went wrong into the status that tells the caller what to do; the server goes on.</summary>
internal sealed partial class FailureInterceptor(ILogger<FailureInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (StorageException error)
        {
            LogStorageFailure(logger, context.Method, error);
            throw Refusal.Because(error.DiskFull ? StatusCode.ResourceExhausted : StatusCode.Internal, error.Message);
        }
        catch (OutOfStepException error)
        {
            LogUnexpected(logger, context.Method, error);
            throw Refusal.Because(StatusCode.Internal, error.Message);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw Refusal.Malformed(error);
        }
        catch (Exception error) when (error is not (RpcException or OperationCanceledException))
        {
            LogUnexpected(logger, context.Method, error);
            throw Refusal.Because(StatusCode.Internal, $"Service internal error: {error.Message}");
        }
    }

    [LoggerMessage(3000, LogLevel.Error, "{Method} could not store its changes")]
    private static partial void LogStorageFailure(ILogger logger, string method, Exception error);

    [LoggerMessage(3001, LogLevel.Error, "{Method} failed")]
    private static partial void LogUnexpected(ILogger logger, string method, Exception error);
}
