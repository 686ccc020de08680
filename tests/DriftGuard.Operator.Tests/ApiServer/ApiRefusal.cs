using System.Text.Json.Nodes;

namespace DriftGuard.Operator.Tests.ApiServer;

/// <summary>What an API server does not do.</summary>
internal sealed class ApiRefusal(int status, string reason, string message) : Exception(message)
{
    public int Status { get; } = status;

    public JsonObject Body => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["reason"] = reason,
        ["message"] = Message,
        ["code"] = Status,
    };
}
