using DriftGuard.Core.Calibration;
using DriftGuard.Core.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DriftGuard.Worker.Calibration.Building;

/// <summary>Writes <c>set.yaml</c>.</summary>
internal static class CalibrationSetYamlWriter
{
    /// <summary>A new file that declares a header; what is as by default is left out.</summary>
    public static string Write(CalibrationSetHeader header)
    {
        var root = new YamlMappingNode { { "name", Scalar(header.Name) } };
        Add("description", header.Description);
        Add("licence", header.Licence);
        Add("source", header.Source);
        Add("labels", header.Labels == CalibrationLabels.Weak ? "weak" : "");
        Add("id_field", header.IdField ?? "");
        Add("group_field", header.GroupField ?? "");
        if (header.Slices.Count > 0)
        {
            root.Add("slices", new YamlSequenceNode(header.Slices.Select(Slice)));
        }

        using var text = new StringWriter { NewLine = "\n" };
        new YamlStream(new YamlDocument(root)).Save(text, assignAnchors: false);
        return text.ToString().Replace("\n...\n", "\n", StringComparison.Ordinal);

        void Add(string key, string value)
        {
            if (value.Length > 0)
            {
                root.Add(key, Scalar(value));
            }
        }
    }

    /// <summary>The file with another name, and everything else as it stands, comments too.</summary>
    public static string Renamed(string yaml, string name)
    {
        var node = YamlText.ParseMapping(yaml).Children[new YamlScalarNode("name")];
        using var text = new StringWriter { NewLine = "\n" };
        new YamlStream(new YamlDocument(Scalar(name))).Save(text, assignAnchors: false);
        var value = text.ToString().Split('\n')[0];
        return yaml[..(int)node.Start.Index] + value + yaml[(int)node.End.Index..];
    }

    private static YamlNode Slice(CalibrationSlice slice) => slice.Critical
        ? new YamlMappingNode { { "field", Scalar(slice.Field) }, { "critical", "true" } }
        : Scalar(slice.Field);

    /// <summary>Quoted, unless it is plain words: what looks like a number or a null is a text.</summary>
    private static YamlScalarNode Scalar(string value) => new(value) { Style = value.All(c => char.IsAsciiLetterLower(c) || c is '-' or '_') && value is not ("null" or "true" or "false" or "yes" or "no" or "on" or "off" or "-" or "y" or "n") ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted };
}
