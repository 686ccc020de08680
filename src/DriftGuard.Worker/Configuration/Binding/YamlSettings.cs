using System.Globalization;
using DriftGuard.Core.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DriftGuard.Worker.Configuration;

/// <summary>Reads a YAML file into settings that know their lines.</summary>
internal static class YamlSettings
{
    private static readonly string[] NullScalars = ["", "~", "null", "Null", "NULL"];

    public static SectionSetting Read(string path, List<ConfigurationProblem> problems)
    {
        var name = Path.GetFileName(path);
        var root = new SectionSetting(new SettingSource(name, Path.GetDirectoryName(Path.GetFullPath(path))!));
        try
        {
            var documents = YamlText.Parse(File.ReadAllText(path));
            if (documents.Count > 1)
            {
                problems.Add(new("expected one YAML document, found several; remove the '---' between them", Source: name));
            }

            if (documents.Count > 0)
            {
                return Convert(documents[0].RootNode, root.Source, name, problems) switch
                {
                    SectionSetting section => section,
                    ScalarSetting { Value: null } => root,
                    var other => Refuse(other),
                };
            }
        }
        catch (YamlTextException error)
        {
            problems.Add(new($"not readable as YAML: {error.Message}", Source: error is { Line: { } line, Column: { } column } ? At(name, line, column) : name));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add(new($"the configuration file cannot be read: {error.Message}", Source: path));
        }

        return root;

        SectionSetting Refuse(Setting other)
        {
            problems.Add(new("expected keys such as 'rollout:' at the top, found a single value or a list", Source: other.Source.Description));
            return root;
        }
    }

    private static Setting Convert(YamlNode node, SettingSource file, string name, List<ConfigurationProblem> problems)
    {
        var source = file with { Description = At(name, node.Start) };
        switch (node)
        {
            case YamlMappingNode mapping:
                var section = new SectionSetting(source);
                foreach (var (key, value) in mapping.Children)
                {
                    if (key is YamlScalarNode { Value: { } text })
                    {
                        // A value's place is its key's: that is where a reader looks for it.
                        section.Entries[text] = Convert(value, file, name, problems) with
                        {
                            Source = file with { Description = At(name, key.Start) },
                        };
                    }
                    else
                    {
                        problems.Add(new("a key must be plain text", Source: At(name, key.Start)));
                    }
                }

                return section;
            case YamlSequenceNode sequence:
                var list = new ListSetting(source);
                list.Items.AddRange(sequence.Children.Select(item => Convert(item, file, name, problems)));
                return list;
            case YamlScalarNode scalar:
                var isNull = scalar.Style is ScalarStyle.Plain && NullScalars.Contains(scalar.Value ?? "", StringComparer.Ordinal);
                return new ScalarSetting(isNull ? null : scalar.Value, source);
            default:
                problems.Add(new("expected a value, a list or keys", Source: source.Description));
                return new ScalarSetting(null, source);
        }
    }

    private static string At(string name, Mark mark) => At(name, mark.Line, mark.Column);

    private static string At(string name, long line, long column) => string.Create(CultureInfo.InvariantCulture, $"{name}:{line}:{column}");
}
