using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NLua;

namespace DriftGuard.Operator.Tests.Gitops;

/// <summary>How tools that deliver resources read the conditions of one.</summary>
internal static class HealthOfResources
{
    private static readonly string Script = File.ReadAllText(Path.Join(AppContext.BaseDirectory, "argocd", "health.lua"));

    /// <summary>As Argo CD does, by the script that is told to it: status and message.</summary>
    public static (string Status, string Message) ByArgo(JsonNode resource)
    {
        using var lua = new Lua();
        lua.DoString($"obj = {Literal(resource)}");
        using var health = (LuaTable)lua.DoString(Script)[0];
        return ((string)health["status"], health["message"] as string ?? "");
    }

    /// <summary>
    /// As Flux and <c>kubectl</c>'s library of statuses do: the generation that was looked at, then Reconciling, Stalled and Ready
    /// (https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md).
    /// </summary>
    public static string ByConditions(JsonNode resource)
    {
        string Of(string type) => (string?)resource["status"]?["conditions"]?.AsArray().FirstOrDefault(condition => (string?)condition!["type"] == type)?["status"] ?? "";
        var current = (long?)resource["status"]?["observedGeneration"] == (long?)resource["metadata"]!["generation"];
        return resource["metadata"]!["deletionTimestamp"] is not null ? "Terminating"
            : !current ? "InProgress"
            : Of("Reconciling") == "True" ? "InProgress"
            : Of("Stalled") == "True" ? "Failed"
            : Of("Ready") is "False" or "Unknown" ? "InProgress"
            : "Current";
    }

    private static string Literal(JsonNode? node) => node switch
    {
        null => "nil",
        JsonObject members => Table(members.Select(member => $"[{Text(member.Key)}] = {Literal(member.Value)}")),
        JsonArray items => Table(items.Select(Literal)),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.String => Text((string)node!),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => node.ToJsonString(),
        },
    };

    private static string Table(IEnumerable<string> entries) => $"{{ {string.Join(", ", entries)} }}";

    private static string Text(string text) => $"\"{string.Concat(Encoding.UTF8.GetBytes(text).Select(b => string.Create(CultureInfo.InvariantCulture, $"\\{b:D3}")))}\"";
}
