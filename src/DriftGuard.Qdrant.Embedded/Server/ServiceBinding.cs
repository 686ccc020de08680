using Google.Protobuf;
using Grpc.Core;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Server;

/// <summary>
/// Binds services so that a message that cannot be read is refused as what it is, the caller's mistake: it is read before any interceptor runs,
/// and what is thrown there would be an unknown error.
/// </summary>
internal static class ServiceBinding
{
    /// <summary>Called by ASP.NET Core's gRPC, as the others are, without a service: it looks the handlers up by name in the service's class.</summary>
    public static void Bind(ServiceBinderBase binder, global::Qdrant.Client.Grpc.Collections.CollectionsBase? service) => global::Qdrant.Client.Grpc.Collections.BindService(new Binder(binder), service);

    /// <inheritdoc cref="Bind(ServiceBinderBase, global::Qdrant.Client.Grpc.Collections.CollectionsBase)"/>
    public static void Bind(ServiceBinderBase binder, Snapshots.SnapshotsBase? service) => Snapshots.BindService(new Binder(binder), service);

    /// <inheritdoc cref="Bind(ServiceBinderBase, global::Qdrant.Client.Grpc.Collections.CollectionsBase)"/>
    public static void Bind(ServiceBinderBase binder, global::Qdrant.Client.Grpc.Qdrant.QdrantBase? service) => global::Qdrant.Client.Grpc.Qdrant.BindService(new Binder(binder), service);

    /// <inheritdoc cref="Bind(ServiceBinderBase, global::Qdrant.Client.Grpc.Collections.CollectionsBase)"/>
    public static void Bind(ServiceBinderBase binder, PointsHandlers? _) => PointsBinding.Bind(new Binder(binder));

    private static T Read<T>(Marshaller<T> messages, DeserializationContext context)
    {
        try
        {
            return messages.ContextualDeserializer(context);
        }
        catch (InvalidProtocolBufferException malformed)
        {
            throw Refusal.Malformed(malformed);
        }
    }

    private sealed class Binder(ServiceBinderBase inner) : ServiceBinderBase
    {
        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) => inner.AddMethod(
            new Method<TRequest, TResponse>(
                method.Type, method.ServiceName, method.Name,
                Marshallers.Create(method.RequestMarshaller.ContextualSerializer, context => Read(method.RequestMarshaller, context)), method.ResponseMarshaller),
            handler);
    }
}
