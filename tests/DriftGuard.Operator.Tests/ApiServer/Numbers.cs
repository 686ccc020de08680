using System.Globalization;
using System.Text.Json.Nodes;

namespace DriftGuard.Operator.Tests.ApiServer;

/// <summary>Whole numbers of JSON, however they came to be there.</summary>
internal static class Numbers
{
    public static long AsLong(this JsonNode node) => long.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);
}
