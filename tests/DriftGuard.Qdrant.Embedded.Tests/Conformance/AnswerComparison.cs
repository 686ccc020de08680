using System.Collections;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Tests.Conformance;

/// <summary>Compares two answers field by field, but for what changes from run to run; says where they first differ.</summary>
internal static class AnswerComparison
{
    private const double Tolerance = 1e-5;

    private static readonly HashSet<string> Volatile = new(StringComparer.Ordinal)
    {
        "time", "usage", "operation_id", "segments_count", "peer_id", "commit",
    };

    public static string? Difference(IMessage expected, IMessage actual) => Compare(expected, actual, expected.Descriptor.Name);

    private static string? Compare(IMessage expected, IMessage actual, string path)
    {
        foreach (var field in expected.Descriptor.Fields.InDeclarationOrder())
        {
            if (Volatile.Contains(field.Name) || (field.Name == "version" && expected is ScoredPoint)) continue;
            if (field.HasPresence && field.Accessor.HasValue(expected) != field.Accessor.HasValue(actual))
                return $"{path}.{field.Name}: expected {(field.Accessor.HasValue(expected) ? Show(field.Accessor.GetValue(expected)) : "absent")}, "
                    + $"found {(field.Accessor.HasValue(actual) ? Show(field.Accessor.GetValue(actual)) : "absent")}";
            if (Compare(field, field.Accessor.GetValue(expected), field.Accessor.GetValue(actual), $"{path}.{field.Name}") is { } difference)
                return difference;
        }

        return null;
    }

    private static string? Compare(FieldDescriptor field, object? expected, object? actual, string path)
    {
        if (field.IsMap) return CompareMaps((IDictionary)expected!, (IDictionary)actual!, path);
        return field.IsRepeated ? CompareLists((IList)expected!, (IList)actual!, path) : CompareValues(expected, actual, path);
    }

    private static string? CompareMaps(IDictionary expected, IDictionary actual, string path)
    {
        foreach (var key in expected.Keys)
        {
            if (!actual.Contains(key)) return $"{path}[{key}]: expected {Show(expected[key])}, found nothing";
            if (CompareValues(expected[key], actual[key], $"{path}[{key}]") is { } difference) return difference;
        }

        return actual.Count == expected.Count ? null : $"{path}: expected {expected.Count} entries, found {actual.Count}: {Show(actual)}";
    }

    private static string? CompareLists(IList expected, IList actual, string path)
    {
        if (expected.Count != actual.Count) return $"{path}: expected {expected.Count} elements, found {actual.Count}: {Show(expected)} against {Show(actual)}";
        var (left, right) = (InOrder(expected, actual), InOrder(actual, expected));
        for (var i = 0; i < left.Length; i++)
            if (CompareValues(left[i], right[i], $"{path}[{i}]") is { } difference) return difference;
        return null;
    }

    private static string? CompareValues(object? expected, object? actual, string path)
    {
        var same = (expected, actual) switch
        {
            (IMessage left, IMessage right) => Compare(left, right, path) is { } difference ? difference : "",
            (float left, float right) => IsClose(left, right) ? "" : null,
            (double left, double right) => IsClose(left, right) ? "" : null,
            _ => Equals(expected, actual) ? "" : null,
        };
        return same is null ? $"{path}: expected {Show(expected)}, found {Show(actual)}" : same.Length == 0 ? null : same;
    }

    private static bool IsClose(double left, double right) =>
        left.Equals(right) || Math.Abs(left - right) <= Tolerance * Math.Max(Math.Abs(left), Math.Abs(right));

    /// <summary>Lists without an order sorted by name; points whose scores tie sorted by id; others as they are.</summary>
    private static object?[] InOrder(IList list, IList other) => list switch
    {
        IEnumerable<AliasDescription> aliases => [.. aliases.OrderBy(alias => alias.AliasName, StringComparer.Ordinal)],
        IEnumerable<CollectionDescription> collections => [.. collections.OrderBy(collection => collection.Name, StringComparer.Ordinal)],
        IList<ScoredPoint> points => [.. TieGroups(points, (IList<ScoredPoint>)other)
            .OrderBy(entry => entry.Group).ThenBy(entry => entry.Point.Id.ToString(), StringComparer.Ordinal).Select(entry => entry.Point)],
        _ => [.. list.Cast<object?>()],
    };

    private static IEnumerable<(int Group, ScoredPoint Point)> TieGroups(IList<ScoredPoint> points, IList<ScoredPoint> others)
    {
        var group = 0;
        for (var i = 0; i < points.Count; i++)
        {
            // A tie is one in both answers, or the groups would not line up.
            if (i > 0 && !(IsClose(points[i].Score, points[i - 1].Score) && IsClose(others[i].Score, others[i - 1].Score))) group++;
            yield return (group, points[i]);
        }
    }

    private static string Show(object? value)
    {
        var text = value is IEnumerable list and not string and not IMessage
            ? $"[{string.Join(", ", list.Cast<object>().Select(Show))}]"
            : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null";
        return text.Length > 400 ? $"{text[..400]}…" : text;
    }
}
