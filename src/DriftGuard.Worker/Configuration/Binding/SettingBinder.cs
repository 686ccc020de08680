using System.Reflection;
using DriftGuard.Core.Text;

namespace DriftGuard.Worker.Configuration;

/// <summary>Binds settings to options: every key must be known, and every value must have its type. Goes on after a problem.</summary>
/// <param name="problems">Where problems are added.</param>
/// <param name="homeDirectory">What <c>~</c> in a path stands for.</param>
internal sealed class SettingBinder(List<ConfigurationProblem> problems, string homeDirectory)
{
    /// <summary>Where each value that was set comes from, by its path.</summary>
    public Dictionary<string, SettingSource> Origins { get; } = new(StringComparer.Ordinal);

    /// <summary>Binds a section; what is not set keeps its default.</summary>
    public object BindSection(Type type, SectionSetting section, string path) => BindSection(Activator.CreateInstance(type)!, section, path);

    // The defaults are those of the section's place, not of its type.
    private object BindSection(object options, SectionSetting section, string path)
    {
        var properties = SettingSchema.Properties(options.GetType());
        foreach (var (key, setting) in section.Entries)
        {
            var property = properties.FirstOrDefault(p => p.Key == key).Property;
            if (property is null)
            {
                problems.Add(Unknown(key, path, [.. properties.Select(p => p.Key)], setting.Source));
            }
            else if (Bind(property.PropertyType, setting, Join(path, key), property, property.GetValue(options)) is { } value)
            {
                property.SetValue(options, value);
            }
        }

        return options;
    }

    // Null means: keep the default. It follows a problem, or an explicit null.
    private object? Bind(Type type, Setting setting, string path, PropertyInfo property, object? unset = null)
    {
        Origins[path] = setting.Source;
        if (setting is ScalarSetting { Value: null })
        {
            return null;
        }

        if (SettingSchema.IsSection(type))
        {
            return setting is SectionSetting section
                ? BindSection(unset ?? Activator.CreateInstance(type)!, section, path)
                : Refuse("keys below it", setting, path);
        }

        if (SettingSchema.ItemType(type) is { } itemType)
        {
            return setting is ListSetting list ? BindList(itemType, list, path, property) : Refuse("a list", setting, path);
        }

        return setting is ScalarSetting { Value: { } text }
            ? BindScalar(type, text, setting, path, property)
            : Refuse(SettingText.Expected(type), setting, path);
    }

    private Array BindList(Type itemType, ListSetting list, string path, PropertyInfo property)
    {
        var items = new List<object>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (Bind(itemType, list.Items[i], $"{path}[{i}]", property) is { } item)
            {
                items.Add(item);
            }
            else if (list.Items[i] is ScalarSetting { Value: null })
            {
                Refuse(SettingText.Expected(itemType), list.Items[i], $"{path}[{i}]");
            }
        }

        var array = Array.CreateInstance(itemType, items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            array.SetValue(items[i], i);
        }

        return array;
    }

    private object? BindScalar(Type type, string text, Setting setting, string path, PropertyInfo property)
    {
        if (!SettingText.TryParse(type, text, out var value))
        {
            return Refuse(SettingText.Expected(type), setting, path, SettingText.Hint(type, text));
        }

        if (value is not string plain || property.GetCustomAttribute<PathSettingAttribute>() is null)
        {
            return value;
        }

        return plain.Contains('\0', StringComparison.Ordinal) ? Refuse("a path without a null character", setting, path) : Resolve(plain, setting.Source.BaseDirectory);
    }

    private string Resolve(string path, string baseDirectory)
    {
        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
        {
            path = Path.Join(homeDirectory, path[1..]);
        }

        return Path.GetFullPath(path, baseDirectory);
    }

    private object? Refuse(string expected, Setting setting, string path, string hint = "")
    {
        var found = setting switch
        {
            ScalarSetting { Value: null } => "nothing",
            ScalarSetting scalar => $"'{scalar.Value}'",
            ListSetting => "a list",
            _ => "keys below it",
        };
        problems.Add(new($"expected {expected}, found {found}{hint}", path, setting.Source.Description));
        return null;
    }

    private static ConfigurationProblem Unknown(string key, string path, string[] known, SettingSource source)
    {
        var hint = NearestName.Find(key, known) is { } meant ? $"did you mean '{meant}'?" : $"known here: {string.Join(", ", known)}";
        return new($"unknown key; {hint}", Join(path, key), source.Description);
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
