using System.Text.Json;

namespace DriftGuard.Core.Tests.Goldens;

/// <summary>The cases of a golden file, by name: a case's name is what a failing test shows.</summary>
internal static class Golden
{
    public static TheoryData<string> Names(string file)
    {
        var names = new TheoryData<string>();
        foreach (var name in Cases(file).Keys)
            names.Add(name);
        return names;
    }

    public static Dictionary<string, JsonElement> Cases(string file, string list = "cases")
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Goldens", file)));
        return document.RootElement.GetProperty(list).EnumerateArray()
            .ToDictionary(element => element.GetProperty("name").GetString()!, element => element.Clone(), StringComparer.Ordinal);
    }

    public static double[] Doubles(this JsonElement element) => [.. element.EnumerateArray().Select(item => item.GetDouble())];

    public static double? NumberOrNull(this JsonElement element) => element.ValueKind == JsonValueKind.Null ? null : element.GetDouble();

    /// <summary>|a - b| up to tolerance * max(1, |b|); null only equals null.</summary>
    public static void ShouldAgree(double? actual, double? expected, double tolerance, string what)
    {
        (actual is null).ShouldBe(expected is null, what);
        if (actual is { } value && expected is { } reference)
            Math.Abs(value - reference).ShouldBeLessThanOrEqualTo(tolerance * Math.Max(1, Math.Abs(reference)), what);
    }
}
