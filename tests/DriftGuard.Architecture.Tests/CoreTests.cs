using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace DriftGuard.Architecture.Tests;

/// <summary>Core decides: what it does follows from what it is given, so nothing in it reaches out.</summary>
public sealed class CoreTests
{
    private static readonly string[] ForbiddenAssemblies =
    [
        "System.Net.", "System.Data.", "System.Console", "System.Diagnostics.Process", "System.IO.Pipes", "System.IO.IsolatedStorage",
        "Microsoft.AspNetCore.", "Microsoft.Data.", "Microsoft.EntityFrameworkCore", "Microsoft.Extensions.DependencyInjection",
        "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Configuration", "Microsoft.ML.", "Grpc.", "Google.Protobuf", "Qdrant.", "Quartz",
    ];

    private static readonly string[] ForbiddenTypes =
    [
        "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.Directory", "System.IO.DirectoryInfo", "System.Console",
        "System.Diagnostics.Process", "System.Diagnostics.Stopwatch", "System.Threading.Timer", "System.IServiceProvider",
    ];

    private static readonly string[] ForbiddenMembers =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now",
        "System.DateTimeOffset.get_UtcNow", "System.Random.get_Shared", "System.Guid.NewGuid", "System.Environment.GetEnvironmentVariable",
        "System.Environment.get_TickCount64", "System.TimeProvider.get_System",
    ];

    [Fact]
    public void Core_references_no_assembly_that_reaches_out() =>
        Read(core => core.AssemblyReferences.Select(handle => core.GetString(core.GetAssemblyReference(handle).Name)))
            .Where(assembly => ForbiddenAssemblies.Any(forbidden => assembly.StartsWith(forbidden, StringComparison.Ordinal))).ShouldBeEmpty();

    [Fact]
    public void Core_uses_no_type_that_reaches_out() =>
        Read(core => core.TypeReferences.Select(handle => TypeName(core, handle))).Intersect(ForbiddenTypes, StringComparer.Ordinal).ShouldBeEmpty();

    [Fact]
    public void Core_takes_time_and_randomness_from_its_caller() =>
        Read(core => core.MemberReferences.Select(core.GetMemberReference)
                .Where(member => member.Parent.Kind is HandleKind.TypeReference)
                .Select(member => $"{TypeName(core, (TypeReferenceHandle)member.Parent)}.{core.GetString(member.Name)}"))
            .Intersect(ForbiddenMembers, StringComparer.Ordinal).ShouldBeEmpty();

    private static List<string> Read(Func<MetadataReader, IEnumerable<string>> read)
    {
        using var file = new PEReader(File.OpenRead(Path.Join(AppContext.BaseDirectory, "DriftGuard.Core.dll")));
        return [.. read(file.GetMetadataReader())];
    }

    private static string TypeName(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
    }
}
