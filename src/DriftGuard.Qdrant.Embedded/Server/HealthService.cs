using Grpc.Core;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Server;

/// <summary>Says which Qdrant this server answers as. There is no commit: the code is not Qdrant's.</summary>
[BindServiceMethod(typeof(ServiceBinding), nameof(ServiceBinding.Bind))]
internal sealed class HealthService : global::Qdrant.Client.Grpc.Qdrant.QdrantBase
{
    public const string Version = "1.18.3";
    private const string Title = "qdrant - vector search engine";

    public override Task<HealthCheckReply> HealthCheck(HealthCheckRequest request, ServerCallContext context) =>
        Task.FromResult(new HealthCheckReply { Title = Title, Version = Version });
}
