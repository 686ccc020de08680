using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace DriftGuard.Operator.Tests.ApiServer;

/// <summary>What <c>kubectl</c> asks beside objects: what is served, and lists as tables.</summary>
internal static class Discovery
{
    private static readonly string[] Verbs = ["get", "list", "watch", "create", "update", "patch", "delete"];

    /// <summary>Answers what is asked about the server itself; false where it is nothing that this one knows.</summary>
    public static async Task<bool> AnswerAsync(HttpContext context)
    {
        JsonObject? answer = context.Request.Path.Value!.TrimEnd('/') switch
        {
            "/version" => new() { ["major"] = "1", ["minor"] = "34", ["gitVersion"] = "v1.34.0" },
            "/api" => new() { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1") },
            "/apis" => new() { ["kind"] = "APIGroupList", ["apiVersion"] = "v1", ["groups"] = new JsonArray(Group("driftguard.dev", "v1alpha1")) },
            "/apis/driftguard.dev" => Group("driftguard.dev", "v1alpha1"),
            "/api/v1" => Resources("v1", new JsonArray(Resource("events", "Event", "event", ["ev"]), Namespace())),
            "/apis/driftguard.dev/v1alpha1" => Resources("driftguard.dev/v1alpha1", new JsonArray([.. Crd.All.SelectMany(Of)])),
            "/api/v1/namespaces/search" => new() { ["kind"] = "Namespace", ["apiVersion"] = "v1", ["metadata"] = new JsonObject { ["name"] = "search" } },
            _ => null,
        };
        if (answer is not null)
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer.ToJsonString());
        }

        return answer is not null;
    }

    /// <summary>Objects as a table where that is asked for; null where it is not.</summary>
    public static JsonObject? AsAsked(HttpContext context, string plural, IReadOnlyList<JsonObject> objects, long version)
    {
        if (!context.Request.Headers.Accept.ToString().Contains("as=Table", StringComparison.Ordinal) || Crd.All.FirstOrDefault(crd => crd.Plural == plural) is not { } crd)
        {
            return null;
        }

        var columns = crd.Version["additionalPrinterColumns"]!.AsArray().Select(column => column!.AsObject()).ToList();
        return new()
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) },
            ["columnDefinitions"] = new JsonArray([Column("Name", "string", "name", 0), .. columns.Select(column => Column((string)column["name"]!, (string)column["type"]!, "", column["priority"]?.AsLong() ?? 0))]),
            ["rows"] = new JsonArray([.. objects.Select(o => new JsonObject
            {
                ["cells"] = new JsonArray([(string)o["metadata"]!["name"]!, .. columns.Select(column => JsonPath.Read(o, (string)column["jsonPath"]!)?.DeepClone() ?? "")]),
                ["object"] = o.DeepClone(),
            })]),
        };
    }

    /// <summary>Those that the request's field selector means, as <c>kubectl describe</c> asks for events.</summary>
    public static IReadOnlyList<JsonObject> Selected(HttpContext context, IReadOnlyList<JsonObject> objects) => context.Request.Query["fieldSelector"].FirstOrDefault() is not { Length: > 0 } selector ? objects
        : [.. objects.Where(o => selector.Split(',').Select(part => part.Split('=', 2)).All(part => (string?)JsonPath.Read(o, $".{part[0]}") == part[1]))];

    private static JsonObject Column(string name, string type, string format, long priority) =>
        new() { ["name"] = name, ["type"] = type, ["format"] = format, ["description"] = "", ["priority"] = priority };

    private static JsonObject Group(string name, string version)
    {
        var one = new JsonObject { ["groupVersion"] = $"{name}/{version}", ["version"] = version };
        return new() { ["kind"] = "APIGroup", ["apiVersion"] = "v1", ["name"] = name, ["versions"] = new JsonArray(one), ["preferredVersion"] = one.DeepClone() };
    }

    private static JsonObject Resources(string version, JsonArray resources) => new() { ["kind"] = "APIResourceList", ["apiVersion"] = "v1", ["groupVersion"] = version, ["resources"] = resources };

    private static IEnumerable<JsonNode> Of(Crd crd)
    {
        var names = crd.Json["spec"]!["names"]!;
        yield return Resource(crd.Plural, crd.Kind, (string)names["singular"]!, [.. names["shortNames"]!.AsArray().Select(name => (string)name!)]);
        var status = Resource($"{crd.Plural}/status", crd.Kind, "", []);
        status["verbs"] = new JsonArray("get", "patch", "update");
        yield return status;
    }

    private static JsonObject Resource(string plural, string kind, string singular, string[] shortNames) => new()
    {
        ["name"] = plural,
        ["singularName"] = singular,
        ["namespaced"] = true,
        ["kind"] = kind,
        ["verbs"] = new JsonArray([.. Verbs.Select(verb => (JsonNode)verb)]),
        ["shortNames"] = new JsonArray([.. shortNames.Select(name => (JsonNode)name)]),
    };

    private static JsonObject Namespace() => new() { ["name"] = "namespaces", ["singularName"] = "namespace", ["namespaced"] = false, ["kind"] = "Namespace", ["verbs"] = new JsonArray("get", "list") };
}
