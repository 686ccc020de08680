using System.Globalization;
using DriftGuard.Core.Text;

namespace DriftGuard.Worker.Configuration;

/// <summary>Lays single values from the environment and from overrides over the settings of the file.</summary>
internal static class EnvironmentSettings
{
    public const string Prefix = "DRIFTGUARD__";

    public static void Apply(
        SectionSetting root, IReadOnlyDictionary<string, string> environment, string baseDirectory, List<ConfigurationProblem> problems)
    {
        var variables = environment
            .Where(v => v.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && v.Value.Length > 0)
            .OrderBy(v => v.Key, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in variables)
        {
            Set(root, name[Prefix.Length..].Split("__"), value, new SettingSource(name, baseDirectory), problems);
        }
    }

    public static void Apply(
        SectionSetting root, IEnumerable<ConfigurationOverride> overrides, string baseDirectory, List<ConfigurationProblem> problems)
    {
        foreach (var (key, value, source) in overrides)
        {
            Set(root, key.Split('.'), value, new SettingSource(source, baseDirectory), problems);
        }
    }

    private static void Set(SectionSetting root, string[] path, string value, SettingSource source, List<ConfigurationProblem> problems)
    {
        Setting? parent = root;
        var type = typeof(DriftGuardOptions);
        for (var depth = 0; depth < path.Length; depth++)
        {
            var last = depth == path.Length - 1;
            if (parent is SectionSetting section && SettingSchema.IsSection(type))
            {
                if (SettingSchema.FindKey(type, path[depth]) is not { } key)
                {
                    problems.Add(UnknownSegment(type, path, depth, source));
                    return;
                }

                type = SettingSchema.Properties(type).Single(p => p.Key == key).Property.PropertyType;
                section.Entries.TryGetValue(key, out var child);
                section.Entries[key] = parent = last ? new ScalarSetting(value, source) : Container(type, child, source);
            }
            else if (parent is ListSetting list && SettingSchema.ItemType(type) is { } itemType)
            {
                if (!int.TryParse(path[depth], NumberStyles.None, CultureInfo.InvariantCulture, out var position) || position > list.Items.Count)
                {
                    problems.Add(new(
                        $"expected the position of an entry, at most {list.Items.Count} here (0 is the first), found '{path[depth]}'",
                        Source: source.Description));
                    return;
                }

                type = itemType;
                var child = position < list.Items.Count ? list.Items[position] : null;
                parent = last ? new ScalarSetting(value, source) : Container(type, child, source);
                if (child is null)
                {
                    list.Items.Add(parent);
                }
                else
                {
                    list.Items[position] = parent;
                }
            }
            else
            {
                problems.Add(new(
                    $"nothing can be set below '{string.Join('.', path[..depth])}': it is a single value", Source: source.Description));
                return;
            }
        }
    }

    private static Setting Container(Type type, Setting? existing, SettingSource source) => existing switch
    {
        // Also a single value in a section's place: that is a mistake to report, not one to paint over.
        SectionSetting or ListSetting or ScalarSetting { Value: not null } => existing,
        _ when SettingSchema.IsSection(type) => new SectionSetting(source),
        _ when SettingSchema.ItemType(type) is not null => new ListSetting(source),
        _ => new ScalarSetting(null, source),
    };

    private static ConfigurationProblem UnknownSegment(Type type, string[] path, int depth, SettingSource source)
    {
        var keys = SettingSchema.Properties(type).Select(p => p.Key).ToArray();
        var meant = NearestName.Find(path[depth], keys);
        if (meant is null)
        {
            return new($"unknown key '{path[depth]}'; known here: {string.Join(", ", keys)}", Source: source.Description);
        }

        var variable = source.Description.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);
        string[] corrected = [.. path[..depth], variable ? meant.ToUpperInvariant() : meant, .. path[(depth + 1)..]];
        var suggestion = variable ? Prefix + string.Join("__", corrected) : string.Join('.', corrected);
        return new($"unknown key '{path[depth]}'; did you mean '{suggestion}'?", Source: source.Description);
    }
}
