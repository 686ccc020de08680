using DriftGuard.Architecture.Tests;
using DriftGuard.Charts.Tests.Tools;

namespace DriftGuard.Charts.Tests;

/// <summary>What resources say of each other is so: selectors find pods, names exist, and what is mounted is there.</summary>
public sealed class WiringTests
{
    private const string Component = "app.kubernetes.io/component";

    public static TheoryData<string> Cases => Chart.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Selectors_find_the_pods_of_exactly_one_role(string name)
    {
        var manifests = Manifest.Of(name);
        var pods = manifests.Where(manifest => manifest.Kind is "Deployment" or "StatefulSet").ToDictionary(manifest => manifest.Name, manifest => Manifest.Map(manifest.At("spec.template.metadata.labels")), StringComparer.Ordinal);

        foreach (var manifest in manifests.Where(manifest => manifest.Kind is "Service" or "Deployment" or "StatefulSet" or "PodDisruptionBudget" or "NetworkPolicy"))
        {
            var selector = Manifest.Map(manifest.Kind is "Service" ? manifest.At("spec.selector") : manifest.At("spec.selector.matchLabels") ?? manifest.At("spec.podSelector.matchLabels"));
            var found = pods.Where(pod => selector.All(label => pod.Value.GetValueOrDefault(label.Key) == label.Value)).Select(pod => pod.Key).ToList();
            found.Count.ShouldBe(1, $"{manifest.Kind} {manifest.Name}");
            selector.ShouldContainKey(Component);
            if (manifest.Kind is "Deployment" or "StatefulSet")
            {
                found.Single().ShouldBe(manifest.Name);
                selector.Keys.ShouldAllBe(key => key != "app.kubernetes.io/version" && key != "helm.sh/chart", "an upgrade changes these, and selectors cannot change");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Names_that_are_referred_to_exist(string name)
    {
        var manifests = Manifest.Of(name);
        foreach (var workload in manifests.Where(manifest => manifest.Pod is not null))
        {
            var volumes = Manifest.Items(workload.Pod, "spec.volumes").Concat(Manifest.Items(workload.Json, "spec.volumeClaimTemplates").Select(claim => claim["metadata"]!)).Select(volume => volume["name"]!.ToString()).ToList();
            volumes.ShouldBeUnique();
            foreach (var container in workload.Containers)
            {
                var mounts = Manifest.Items(container, "volumeMounts").ToList();
                mounts.Select(mount => mount["name"]!.ToString()).Except(volumes, StringComparer.Ordinal).ShouldBeEmpty(workload.Name);
                mounts.Select(mount => mount["mountPath"]!.ToString()).ShouldBeUnique();
            }

            if (workload.Kind is not "Pod")
            {
                volumes.Except(workload.Containers.SelectMany(container => Manifest.Items(container, "volumeMounts")).Select(mount => mount["name"]!.ToString()), StringComparer.Ordinal).ShouldBeEmpty("volumes that nothing mounts");
            }
        }

        var names = manifests.Select(manifest => (manifest.Kind, manifest.Name)).ToHashSet();
        manifests.Select(manifest => (manifest.Kind, manifest.Name, manifest.Text("metadata.namespace"))).ShouldBeUnique();
        foreach (var set in manifests.Where(manifest => manifest.Kind is "StatefulSet"))
        {
            names.ShouldContain(("Service", set.Text("spec.serviceName")));
        }

        foreach (var scaler in manifests.Where(manifest => manifest.Kind is "HorizontalPodAutoscaler"))
        {
            names.ShouldContain((scaler.Text("spec.scaleTargetRef.kind"), scaler.Text("spec.scaleTargetRef.name")));
            manifests.Single(manifest => manifest.Kind is "Deployment" && manifest.Name == scaler.Text("spec.scaleTargetRef.name")).At("spec.replicas").ShouldBeNull("an upgrade would undo what the autoscaler decided");
        }

        foreach (var binding in manifests.Where(manifest => manifest.Kind is "RoleBinding" or "ClusterRoleBinding"))
        {
            names.ShouldContain((binding.Text("roleRef.kind"), binding.Text("roleRef.name")));
            Manifest.Items(binding.Json, "subjects").ShouldAllBe(subject => names.Contains(ValueTuple.Create("ServiceAccount", subject["name"]!.ToString())) && subject["namespace"]!.ToString() == Helm.Namespace);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Ports_that_are_named_are_there(string name)
    {
        var manifests = Manifest.Of(name);
        foreach (var service in manifests.Where(manifest => manifest.Kind is "Service"))
        {
            var component = Manifest.Map(service.At("spec.selector"))[Component];
            var ports = manifests.Where(manifest => manifest.Pod is not null && Manifest.Map(Manifest.Find(manifest.Pod, "metadata.labels")).GetValueOrDefault(Component) == component)
                .SelectMany(manifest => manifest.Containers).SelectMany(container => Manifest.Items(container, "ports")).Select(port => port["name"]!.ToString()).ToList();
            Manifest.Items(service.Json, "spec.ports").ShouldAllBe(port => ports.Contains(port["targetPort"]!.ToString()));
        }

        foreach (var monitor in manifests.Where(manifest => manifest.Kind is "ServiceMonitor"))
        {
            var wanted = Manifest.Map(monitor.At("spec.selector.matchLabels"));
            var components = Manifest.Items(monitor.Json, "spec.selector.matchExpressions").Single()["values"]!.AsArray().Select(value => value!.ToString()).ToList();
            var scraped = manifests.Where(manifest => manifest.Kind is "Service" && Manifest.Map(manifest.At("metadata.labels")) is var labels && wanted.All(label => labels.GetValueOrDefault(label.Key) == label.Value) && components.Contains(labels[Component])).ToList();
            scraped.Select(service => Manifest.Map(service.At("spec.selector"))[Component]).ShouldBe(components, ignoreOrder: true, "each role once");
            Manifest.Items(monitor.Json, "spec.endpoints").ShouldAllBe(endpoint => scraped.All(service => Manifest.Items(service.Json, "spec.ports").Any(port => port["name"]!.ToString() == endpoint["port"]!.ToString())));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pods_meet_the_restricted_standard(string name)
    {
        foreach (var workload in Manifest.Of(name).Where(manifest => manifest.Pod is not null))
        {
            var pod = Manifest.Find(workload.Pod, "spec")!;
            Manifest.Find(pod, "securityContext.runAsNonRoot")?.GetValue<bool>().ShouldBe(true, workload.Name);
            Manifest.Find(pod, "securityContext.seccompProfile.type")?.ToString().ShouldBe("RuntimeDefault");
            ((long)Manifest.Find(pod, "securityContext.runAsUser")!).ShouldBeGreaterThan(0);
            pod["automountServiceAccountToken"]!.GetValue<bool>().ShouldBe(workload.Name.EndsWith("-operator", StringComparison.Ordinal), "only the operator asks Kubernetes' API");
            foreach (var key in (string[])["hostNetwork", "hostPID", "hostIPC"])
            {
                pod[key].ShouldBeNull();
            }

            foreach (var container in workload.Containers)
            {
                Manifest.Find(container, "securityContext.allowPrivilegeEscalation")?.GetValue<bool>().ShouldBe(false);
                Manifest.Find(container, "securityContext.readOnlyRootFilesystem")?.GetValue<bool>().ShouldBe(true);
                Manifest.Find(container, "securityContext.capabilities.drop")?.ToJsonString().ShouldBe("""["ALL"]""");
                Manifest.Find(container, "resources.limits.memory").ShouldNotBeNull();
                container["image"]!.ToString().ShouldNotEndWith(":latest");
            }

            if (workload.Kind is not "Pod")
            {
                workload.Containers.ShouldAllBe(container => Manifest.Items(container, "volumeMounts").Any(mount => mount["mountPath"]!.ToString() == "/tmp"));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_new_pod_is_ready_before_an_old_one_leaves(string name)
    {
        foreach (var deployment in Manifest.Of(name).Where(manifest => manifest.Kind is "Deployment" && !manifest.Name.EndsWith("-operator", StringComparison.Ordinal)))
        {
            deployment.Text("spec.strategy.rollingUpdate.maxUnavailable").ShouldBe("0");
            deployment.Text("spec.strategy.rollingUpdate.maxSurge").ShouldBe("1");
            // Two looks of the kubelet that fail, and the pod is out of the Service: it answers for longer than that.
            deployment.Containers.Where(container => container["readinessProbe"] is not null).ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void Rules_and_dashboards_are_those_of_deploy()
    {
        var sources = Directory.EnumerateFiles(Path.Join(Repository.Root, "deploy", "grafana"), "*.json").ToDictionary(file => Path.Join("dashboards", Path.GetFileName(file)), File.ReadAllText, StringComparer.Ordinal);
        sources["driftguard.rules.yaml"] = Repository.Read("deploy/prometheus/driftguard.rules.yaml");
        foreach (var (file, text) in sources)
        {
            Chart.ShouldHold(Path.Join(Chart.Folder, "files", file), text);
        }

        Directory.EnumerateFiles(Path.Join(Chart.Folder, "files", "dashboards")).Count().ShouldBe(sources.Count - 1);
    }

    [Fact]
    public async Task Rules_and_dashboards_arrive_as_they_are()
    {
        Helm.Need();
        var manifests = Manifest.Parse(await Helm.TemplateAsync(Chart.ValuesOf("cluster-full")));

        manifests.Single(manifest => manifest.Kind is "PrometheusRule").At("spec")!.ToJsonString().ShouldBe(Yaml.Parse(Chart.Read("files/driftguard.rules.yaml"))!.ToJsonString());
        var dashboards = manifests.Where(manifest => manifest.Name.Contains("-dashboard-", StringComparison.Ordinal)).SelectMany(manifest => Manifest.Map(manifest.At("data"))).ToDictionary(StringComparer.Ordinal);
        dashboards.Count.ShouldBe(Directory.EnumerateFiles(Path.Join(Chart.Folder, "files", "dashboards")).Count());
        dashboards.ShouldAllBe(dashboard => dashboard.Value.TrimEnd() == Chart.Read($"files/dashboards/{dashboard.Key.Substring("driftguard-".Length)}").TrimEnd());
    }
}
