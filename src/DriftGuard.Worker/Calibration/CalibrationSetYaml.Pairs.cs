using System.Globalization;
using DriftGuard.Core.Calibration.Thresholds;
using DriftGuard.Core.Embedding;
using YamlDotNet.RepresentationModel;

namespace DriftGuard.Worker.Calibration;

internal sealed partial class CalibrationSetYaml
{
    private static readonly string[] PairKeys = ["positive_from", "negative_below", "slices", "kinds"];

    private PairRules Pairs(Dictionary<string, YamlNode> values)
    {
        if (!values.TryGetValue("pairs", out var node))
            return new();
        if (node is not YamlMappingNode mapping)
        {
            Error(Line(node), $"pairs says what the scores of pairs.tsv mean: expected the keys {string.Join(", ", PairKeys)}.");
            return new();
        }

        var members = Members(mapping, PairKeys);
        var rules = new PairRules
        {
            PositiveFrom = Number(members, "positive_from"),
            NegativeBelow = Number(members, "negative_below"),
            Slices = [.. Items(members, "slices").Select(Column).OfType<string>()],
            Kinds = Kinds(members),
        };
        if (rules.Problem is { } problem)
            Error(Line(node), problem);
        foreach (var twice in rules.Slices.GroupBy(column => column, StringComparer.Ordinal).Where(same => same.Count() > 1))
            Error(Line(members["slices"]), $"slice '{twice.Key}' of pairs is listed twice.");
        return rules;
    }

    private double? Number(Dictionary<string, YamlNode> members, string key)
    {
        if (Text(members, key) is not { } text)
            return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            return number;
        Error(Line(members[key]), $"{key} is '{text}'; expected a score of pairs.tsv, a number.");
        return null;
    }

    private string? Column(YamlNode node)
    {
        if (node is YamlScalarNode { Value: { } name } && !string.IsNullOrWhiteSpace(name))
            return name;
        Error(Line(node), "a slice of pairs is the name of a column of pairs.tsv.");
        return null;
    }

    private PairKinds? Kinds(Dictionary<string, YamlNode> members)
    {
        if (Text(members, "kinds") is not { } text)
            return null;
        if (Enum.GetValues<PairKinds>().Cast<PairKinds?>().FirstOrDefault(kinds => SpecWord.Of(kinds!.Value) == text) is { } known)
            return known;
        Error(Line(members["kinds"]), $"kinds is '{text}'; expected document-document or query-query for texts that mean the same, or query-document for a query and what answers it.");
        return null;
    }
}
