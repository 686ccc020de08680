using System.Text.Json;
using DriftGuard.Worker.Gateway.Routing;

namespace DriftGuard.Worker.Gateway;

/// <summary>By what an answer was made, as every answer of the gateway says it.</summary>
internal static class RouteJson
{
    /// <summary>Writes the keys into an object that is open.</summary>
    public static void Write(Utf8JsonWriter json, IndexRoute route)
    {
        json.WriteString("index", route.Definition.Name);
        json.WriteNumber("epoch", route.Epoch);
        json.WriteString("fingerprint", route.Fingerprint);
        json.WriteString("collection", route.Collection);
        if (route.Bridge is { Report: var bridge })
        {
            json.WriteStartObject("bridge");
            json.WriteString("id", bridge.Id);
            json.WriteString("model", bridge.Model);
            json.WriteString("fingerprint", bridge.ModelFingerprint);
            json.WriteString("since", bridge.At);
            json.WriteString("until", bridge.Until);
            json.WriteEndObject();
        }
    }

    /// <summary>Writes the id of a point: a number, or a UUID as a text.</summary>
    public static void WriteId(Utf8JsonWriter json, PointId id)
    {
        if (id.IsNumber)
        {
            json.WriteNumberValue(id.Number);
        }
        else
        {
            json.WriteStringValue(id.ToString());
        }
    }
}
