using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using DriftGuard.Worker.Configuration;

namespace DriftGuard.Charts.Tests;

/// <summary>What a container of a case would read: its variables, and the files that are mounted for it, in a folder in place of the root.</summary>
internal sealed class InstalledConfiguration : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("driftguard-chart-");
    private readonly JsonNode _container;
    private readonly string? _file;

    private InstalledConfiguration(IReadOnlyList<Manifest> manifests, Manifest workload, JsonNode container)
    {
        _container = container;
        var variables = Manifest.Items(container, "env").Where(variable => variable["value"] is not null)
            .ToDictionary(variable => variable["name"]!.ToString(), variable => variable["value"]!.ToString(), StringComparer.Ordinal);
        // The operator has variables alone.
        if (variables.Remove(DriftGuardConfiguration.FileVariable, out var file))
        {
            WriteConfiguration(manifests, workload, file);
            _file = Path.Join(_root.FullName, file);
        }

        // What comes from a Secret: the connection, where it is there at all.
        foreach (var variable in Manifest.Items(container, "env").Select(v => v["name"]!.ToString()).Where(name => name.EndsWith("__CONNECTION", StringComparison.Ordinal)))
        {
            variables[variable] = Connection;
        }

        Variables = variables;
    }

    private static string Connection => "Host=db;Database=driftguard;Username=driftguard";

    /// <summary>The variables that name settings.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>The options as the program reads them.</summary>
    public DriftGuardOptions Options => DriftGuardConfiguration.Load(_file, Variables);

    /// <summary>That of a container.</summary>
    public static InstalledConfiguration Of(IReadOnlyList<Manifest> manifests, Manifest workload, JsonNode container)
    {
        var installed = new InstalledConfiguration(manifests, workload, container);
        installed.MountSecrets(workload);
        return installed;
    }

    /// <summary>A path in the folder as the container sees it.</summary>
    public string InContainer(string path) => path.StartsWith(_root.FullName, StringComparison.Ordinal) ? path[_root.FullName.Length..] : path;

    /// <summary>The mount that holds a path of the container, the innermost one; null where that is on the root file system.</summary>
    public JsonNode? MountOf(string path) => Manifest.Items(_container, "volumeMounts")
        .Where(mount => $"{path}/".StartsWith($"{mount["mountPath"]!.ToString().TrimEnd('/')}/", StringComparison.Ordinal)).MaxBy(mount => mount["mountPath"]!.ToString().Length);

    public void Dispose() => _root.Delete(recursive: true);

    private void WriteConfiguration(IReadOnlyList<Manifest> manifests, Manifest workload, string file)
    {
        var mount = MountOf(file)!;
        var volume = Manifest.Items(workload.Pod, "spec.volumes").Single(v => v["name"]!.ToString() == mount["name"]!.ToString());
        foreach (var name in Manifest.Items(volume, "projected.sources").Select(source => Manifest.Find(source, "configMap.name")!.ToString()))
        {
            // Those that are not among the manifests exist already.
            foreach (var (key, text) in Manifest.Map(manifests.SingleOrDefault(manifest => manifest.Kind is "ConfigMap" && manifest.Name == name)?.At("data")))
            {
                Write(Path.Join(mount["mountPath"]!.ToString(), key), text.Replace(" /", $" {_root.FullName}/", StringComparison.Ordinal));
            }
        }
    }

    // Each file that the configuration names, if it is one of a Secret that is mounted and has such a key.
    private void MountSecrets(Manifest workload)
    {
        var texts = (_file is null ? "" : File.ReadAllText(_file)).Split('\n').Select(line => line.Split(": ", 2)).Where(line => line.Length == 2 && line[0].EndsWith("File", StringComparison.Ordinal));
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=driftguard", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        foreach (var (name, path) in texts.Select(line => (line[0].Trim(' ', '-'), InContainer(line[1].Trim()))))
        {
            var volume = MountOf(path) is { } mount
                ? Manifest.Items(workload.Pod, "spec.volumes").Single(v => v["name"]!.ToString() == mount["name"]!.ToString())
                : throw new InvalidOperationException($"{name}: nothing is mounted at {path}");
            volume["secret"].ShouldNotBeNull($"{name}: {path} is not in a Secret");
            var items = Manifest.Items(volume, "secret.items").Select(item => item["path"]!.ToString()).ToList();
            (items.Count == 0 || items.Contains(Path.GetFileName(path), StringComparer.Ordinal)).ShouldBeTrue($"{name}: {path} is no item of the Secret");
            Write(path, name switch
            {
                "connectionFile" => Connection,
                "certificateFile" or "caCertificateFile" => certificate.ExportCertificatePem(),
                "certificateKeyFile" => key.ExportPkcs8PrivateKeyPem(),
                "urlFile" => "https://hooks.example/services/1",
                "headersFile" => "authorization=Bearer of-nobody",
                _ => "a-secret-of-enough-characters",
            });
        }
    }

    private void Write(string path, string text)
    {
        var file = Path.Join(_root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
