using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DriftGuard.Operator.Tests.ApiServer;

/// <summary>The part of JSONPath that printer columns use: members, and one of a list by a member of it.</summary>
internal static partial class JsonPath
{
    public static JsonNode? Read(JsonNode root, string path)
    {
        JsonNode? node = root;
        foreach (Match step in Steps().Matches(path))
        {
            node = step.Groups["name"].Success ? (node as JsonObject)?[step.Groups["name"].Value]
                : (node as JsonArray)?.FirstOrDefault(item => (string?)item![step.Groups["key"].Value] == step.Groups["value"].Value);
        }

        return node;
    }

    [GeneratedRegex(@"\.(?<name>\w+)|\[\?\(@\.(?<key>\w+)=='(?<value>[^']*)'\)\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Steps();
}
