using DriftGuard.Charts.Tests.Tools;

namespace DriftGuard.Charts.Tests;

/// <summary>Values that cannot work are refused before anything is installed, and the key is named.</summary>
public sealed class RefusalTests
{
    private const string Cluster = "mode=cluster,config.state.connectionFile=/run/secrets/driftguard/postgres/connection,config.qdrant.address=http://qdrant:6334,secrets[0].name=postgres,secrets[0].secretName=db";

    [Theory]
    [InlineData("gatway.replicas=1", "gatway")]
    [InlineData("config.rollout.batchsize=4", "batchsize")]
    [InlineData("config.rollout.batchSize=many", "config/rollout/batchSize")]
    [InlineData("config.rollout.batchSize=0", "config/rollout/batchSize")]
    [InlineData("config.rollout.soak=soon", "config/rollout/soak")]
    [InlineData("config.rollout.fence=iron", "config/rollout/fence")]
    [InlineData("config.indexes[0].model=m", "config/indexes/0")]
    [InlineData("mode=clustered", "mode")]
    [InlineData("image.digest=latest", "image/digest")]
    [InlineData("secrets[0].name=Not_A_Name,secrets[0].secretName=x", "secrets/0/name")]
    [InlineData("embedded.replicas=2", "replicas")]
    [InlineData("gateway.replicas=2", "gateway.replicas: in mode embedded")]
    [InlineData("worker.replicas=1", "worker.replicas: in mode embedded")]
    [InlineData("api.replicas=1", "api.replicas: in mode embedded")]
    [InlineData("gateway.autoscaling.enabled=true", "gateway.autoscaling.enabled: in mode embedded")]
    [InlineData("config.state.connectionFile=/run/secrets/driftguard/p/c,secrets[0].name=p,secrets[0].secretName=p", "config.state.connectionFile: a shared state")]
    [InlineData("mode=cluster", "config.state.connectionFile: mode cluster needs PostgreSQL")]
    [InlineData("mode=cluster,config.state.connectionFile=/run/secrets/driftguard/p/c,secrets[0].name=p,secrets[0].secretName=p", "config.qdrant.address: mode cluster needs a Qdrant")]
    [InlineData("config.http.address=http://127.0.0.1:8470", "config.http.address: http://127.0.0.1:8470 is the pod's own loopback")]
    [InlineData("config.http.address=null", "config.http.address: http://127.0.0.1:8470 is the pod's own loopback")]
    [InlineData("config.http.address=http://0.0.0.0:0", "config.http.address: port 0")]
    [InlineData("config.http.address=http://0.0.0.0:80", "config.http.address: a port below 1024")]
    [InlineData("config.http.address=0.0.0.0", "config.http.address: expected an address")]
    [InlineData("config.http.address=https://0.0.0.0:8470", "config.http.certificateFile: an https:// address needs")]
    [InlineData("config.http.certificateFile=/tls.crt", "config.http.certificateFile: a certificate is of use only")]
    [InlineData("config.http.drain=1.5m", "config.http.drain: expected a duration")]
    [InlineData("config.state.connection=Host=db", "config.state.connection: a secret does not belong into a ConfigMap")]
    [InlineData("config.qdrant.apiKey=k", "config.qdrant.apiKey: a secret")]
    [InlineData("config.telemetry.otlp.headers=a=b", "config.telemetry.otlp.headers: a secret")]
    [InlineData("config.notifications.webhooks[0].name=w,config.notifications.webhooks[0].url=https://hooks.example", "config.notifications.webhooks[0].url: a secret")]
    [InlineData("config.notifications.webhooks[0].name=w,config.notifications.webhooks[0].secret=s", "config.notifications.webhooks[0].secret: a secret")]
    [InlineData("config.notifications.webhooks[0].name=w,config.notifications.webhooks[0].headers=a=b", "config.notifications.webhooks[0].headers: a secret")]
    [InlineData("config.indexes[0].name=docs,config.indexes[0].source.connection=Host=db", "config.indexes[0].source.connection: a secret")]
    [InlineData("config.qdrant.apiKeyFile=/run/secrets/driftguard/qdrant/key", "config.qdrant.apiKeyFile: nothing is mounted at /run/secrets/driftguard/qdrant")]
    [InlineData("config.notifications.webhooks[0].name=w,config.notifications.webhooks[0].urlFile=/run/secrets/driftguard/hook/url", "config.notifications.webhooks[0].urlFile: nothing is mounted")]
    [InlineData("secrets[0].name=a,secrets[0].secretName=x,secrets[1].name=a,secrets[1].secretName=y", "secrets[1].name: 'a' is there twice")]
    [InlineData("calibrationSets[0].name=a,calibrationSets[0].configMap=x,calibrationSets[1].name=a,calibrationSets[1].configMap=y", "calibrationSets[1].name: 'a' is there twice")]
    [InlineData("calibrationSets[0].name=a", "calibrationSets[0]: where is the set 'a'?")]
    [InlineData("config.rollout.snapshots=/snapshots", "config.rollout.snapshots: /snapshots is on the read-only root file system")]
    [InlineData("modelLock.pull=true", "modelLock.pull: what is pulled?")]
    [InlineData("modelLock.content=x,modelLock.configMap=y", "modelLock.configMap: set either")]
    [InlineData("modelLock.configMap=y,config.models.lockFile=/x", "config.models.lockFile: modelLock is mounted")]
    [InlineData("operator.enabled=true", "operator.apiKey.secretName: the operator asks")]
    [InlineData("operator.enabled=true,operator.apiKey.secretName=k,operator.watchNamespaces={*,shop}", "operator.watchNamespaces: '*' is all")]
    [InlineData("operator.enabled=true,operator.apiKey.secretName=k,operator.rbac.create=false", "operator.rbac.create: the account")]
    [InlineData("serviceMonitor.enabled=true", "serviceMonitor.authorization: /metrics takes an API key")]
    [InlineData("serviceMonitor.enabled=true,config.telemetry.prometheus=false", "serviceMonitor.enabled: config.telemetry.prometheus is false")]
    [InlineData(Cluster + ",gateway.autoscaling.enabled=true,gateway.replicas=3", "gateway.replicas: the autoscaler decides")]
    [InlineData(Cluster + ",gateway.autoscaling.enabled=true,gateway.autoscaling.maxReplicas=1", "gateway.autoscaling.minReplicas: more than maxReplicas")]
    [InlineData(Cluster + ",gateway.autoscaling.enabled=true,gateway.resources.requests.cpu=null", "gateway.autoscaling.targetCPUUtilizationPercentage: is a share of")]
    public async Task What_cannot_work_is_refused_by_its_key(string values, string said)
    {
        Helm.Need();

        var (code, _, error) = await Helm.TryTemplateAsync("--set", values);

        code.ShouldNotBe(0);
        Plain(error).ShouldContain(Plain(said));
    }

    [Fact]
    public async Task What_these_cases_start_from_is_not_refused()
    {
        Helm.Need();

        (await Helm.TryTemplateAsync("--set", Cluster)).Code.ShouldBe(0);
    }

    // Helm 3 writes the path of a value with dots, Helm 4 with slashes.
    private static string Plain(string text) => text.Replace("'", "", StringComparison.Ordinal).Replace('/', '.');
}
