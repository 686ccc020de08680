using Microsoft.AspNetCore.Http;

namespace DriftGuard.Operator.Tests.ApiServer;

/// <summary>What a request asks for, by its address.</summary>
internal sealed record Asked(string Group, string Version, string Plural, string? Namespace, string? Name, bool IsStatus, string Method, bool IsWatch)
{
    private static readonly HashSet<string> Served = new(["events", "leases", .. Crd.All.Select(crd => crd.Plural)], StringComparer.Ordinal);

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public Permission Permission => new(Group, IsStatus ? $"{Plural}/status" : Plural, Method switch
    {
        "GET" => IsWatch ? "watch" : Name is null ? "list" : "get",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        _ => "delete",
    });

    /// <summary>What is asked; null of an address that no object has.</summary>
    public static Asked? Of(HttpRequest request)
    {
        var parts = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var (group, version, rest) = parts switch
        {
            ["api", var v, .. var r] => ("", v, r),
            ["apis", var g, var v, .. var r] => (g, v, r),
            _ => ("", "", []),
        };
        var watch = request.Query["watch"].FirstOrDefault() is "true" or "1" or "True";
        return rest switch
        {
            ["namespaces", var space, var plural] when Served.Contains(plural) => new(group, version, plural, space, null, false, request.Method, watch),
            ["namespaces", var space, var plural, var name] when Served.Contains(plural) => new(group, version, plural, space, name, false, request.Method, watch),
            ["namespaces", var space, var plural, var name, "status"] when Served.Contains(plural) => new(group, version, plural, space, name, true, request.Method, watch),
            [var plural] when Served.Contains(plural) => new(group, version, plural, null, null, false, request.Method, watch),
            _ => null,
        };
    }
}
