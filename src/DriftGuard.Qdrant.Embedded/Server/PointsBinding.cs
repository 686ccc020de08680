using System.Buffers;
using DriftGuard.Qdrant.Embedded.Wire;
using Google.Protobuf;
using Grpc.Core;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Server;

/// <summary>
/// Binds the service <c>qdrant.Points</c>. Unlike the generated binding, the methods that move many points take or give bytes: upserts are
/// read, and answers written, without an object for each point.
/// </summary>
internal static class PointsBinding
{
    private const string Service = "qdrant.Points";

    private static readonly Marshaller<WireRequest> RequestBytes = Marshallers.Create<WireRequest>(
        (_, _) => throw new NotSupportedException("A server reads requests only."),
        context => WireRequest.CopyOf(context.PayloadAsReadOnlySequence()));

    private static readonly Marshaller<WireWriter> AnswerBytes = Marshallers.Create<WireWriter>(
        (answer, context) =>
        {
            using (answer)
            {
                context.SetPayloadLength(answer.Length);
                context.GetBufferWriter().Write(answer.Written);
                context.Complete();
            }
        },
        _ => throw new NotSupportedException("A server writes answers only."));

    /// <summary>Binds the methods, without a service.</summary>
    public static void Bind(ServiceBinderBase binder)
    {
        Add(binder, nameof(PointsHandlers.Upsert), RequestBytes, Of(PointsOperationResponse.Parser));
        Add(binder, nameof(PointsHandlers.Delete), Of(DeletePoints.Parser), Of(PointsOperationResponse.Parser));
        Add(binder, nameof(PointsHandlers.UpdateVectors), Of(UpdatePointVectors.Parser), Of(PointsOperationResponse.Parser));
        Add(binder, nameof(PointsHandlers.DeleteVectors), Of(DeletePointVectors.Parser), Of(PointsOperationResponse.Parser));
        Add(binder, nameof(PointsHandlers.SetPayload), Of(SetPayloadPoints.Parser), Of(PointsOperationResponse.Parser));
        Add(binder, nameof(PointsHandlers.OverwritePayload), Of(SetPayloadPoints.Parser), Of(PointsOperationResponse.Parser));
        Add(binder, nameof(PointsHandlers.DeletePayload), Of(DeletePayloadPoints.Parser), Of(PointsOperationResponse.Parser));
        Add(binder, nameof(PointsHandlers.ClearPayload), Of(ClearPayloadPoints.Parser), Of(PointsOperationResponse.Parser));
        Add(binder, nameof(PointsHandlers.UpdateBatch), Of(UpdateBatchPoints.Parser), Of(UpdateBatchResponse.Parser));
        Add(binder, nameof(PointsHandlers.CreateFieldIndex), Of(CreateFieldIndexCollection.Parser), Of(PointsOperationResponse.Parser));
        Add(binder, nameof(PointsHandlers.DeleteFieldIndex), Of(DeleteFieldIndexCollection.Parser), Of(PointsOperationResponse.Parser));
        Add(binder, nameof(PointsHandlers.CreateVectorName), Of(CreateVectorNameRequest.Parser), Of(PointsOperationResponse.Parser));
        Add(binder, nameof(PointsHandlers.DeleteVectorName), Of(DeleteVectorNameRequest.Parser), Of(PointsOperationResponse.Parser));
        Add(binder, nameof(PointsHandlers.Get), Of(GetPoints.Parser), AnswerBytes);
        Add(binder, nameof(PointsHandlers.Scroll), Of(ScrollPoints.Parser), AnswerBytes);
        Add(binder, nameof(PointsHandlers.Count), Of(CountPoints.Parser), Of(CountResponse.Parser));
        Add(binder, nameof(PointsHandlers.Query), Of(QueryPoints.Parser), AnswerBytes);
        Add(binder, nameof(PointsHandlers.QueryBatch), Of(QueryBatchPoints.Parser), AnswerBytes);
    }

    private static void Add<TRequest, TResponse>(
        ServiceBinderBase binder, string name, Marshaller<TRequest> request, Marshaller<TResponse> response)
        where TRequest : class
        where TResponse : class =>
        binder.AddMethod(new Method<TRequest, TResponse>(MethodType.Unary, Service, name, request, response), (UnaryServerMethod<TRequest, TResponse>?)null);

    private static Marshaller<T> Of<T>(MessageParser<T> parser) where T : IBufferMessage, IMessage<T> => Marshallers.Create(
        (message, context) =>
        {
            context.SetPayloadLength(message.CalculateSize());
            message.WriteTo(context.GetBufferWriter());
            context.Complete();
        },
        context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));
}
