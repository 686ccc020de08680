using DriftGuard.Qdrant.Embedded.Collections;
using Google.Protobuf;
using Grpc.Core;

namespace DriftGuard.Qdrant.Embedded;

/// <summary>
/// The refusals of Qdrant 1.18.3, code and message as recorded from it; clients branch on the code and people read the message.
/// </summary>
internal static class Refusal
{
    public static RpcException NoCollection(string name) => NotFound($"Collection `{name}` doesn't exist!");

    public static RpcException NoAlias(string name) => NotFound($"Alias {name} does not exists!");

    public static RpcException OutOfStep(string name) => Because(StatusCode.Internal, OutOfStepException.Describe(name));

    public static RpcException NoSnapshot(string name) => NotFound($"Snapshot {name} not found");

    public static RpcException NoPoint(string id) => NotFound($"No point with id {id} found");

    public static RpcException CollectionExists(string name) =>
        Because(StatusCode.AlreadyExists, $"Wrong input: Collection `{name}` already exists!");

    public static RpcException NameIsAlias(string name) =>
        WrongInput($"Can't create collection with name {name}. Alias with the same name already exists");

    public static RpcException WrongDimension(long expected, long actual) =>
        WrongInput($"Vector dimension error: expected dim: {expected}, got {actual}");

    public static RpcException NoVectorName(string name) => WrongInput($"Not existing vector name error: {name}");

    public static RpcException Strict(string error, string help) => BadRequest($"{error}. Help: {help}");

    public static RpcException WrongInput(string message) => Invalid($"Wrong input: {message}");

    public static RpcException BadRequest(string message) => Invalid($"Bad request: {message}");

    public static RpcException Validation(string field, string message) => Invalid($"Validation error in body: [{field}: {message}]");

    public static RpcException Invalid(string message) => Because(StatusCode.InvalidArgument, message);

    public static RpcException Malformed(InvalidProtocolBufferException error) => Invalid($"The request is malformed: {error.Message}");

    /// <summary>What this server does not do is said, never answered with something else.</summary>
    public static RpcException Unsupported(string what) =>
        Because(StatusCode.Unimplemented, $"The embedded Qdrant does not support {what}; use a Qdrant server for it.");

    public static RpcException Because(StatusCode code, string message) => new(new Status(code, message));

    private static RpcException NotFound(string what) => Because(StatusCode.NotFound, $"Not found: {what}");
}
