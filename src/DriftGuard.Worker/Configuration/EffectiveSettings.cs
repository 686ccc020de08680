using System.Collections;
using System.Reflection;

namespace DriftGuard.Worker.Configuration;

/// <summary>One setting as it is in effect.</summary>
/// <param name="Key">Its path, such as <c>rollout.batchSize</c>.</param>
/// <param name="Value">Its value as it can be written into the file; null where it is not set; masked where it is a secret.</param>
/// <param name="Source">The file with line and column, the variable or the option it comes from, or <c>default</c>.</param>
public sealed record EffectiveSetting(string Key, string? Value, string Source);

/// <summary>Lists a configuration's settings for people.</summary>
public static class EffectiveSettings
{
    private const string Mask = "********";

    /// <summary>Every setting in the order in which the options declare them.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <returns>The settings; secrets are masked.</returns>
    public static IReadOnlyList<EffectiveSetting> List(LoadedConfiguration configuration)
    {
        var settings = new List<EffectiveSetting>();
        Add(configuration.Options, "", configuration.Origins, settings);
        return settings;
    }

    private static void Add(object options, string path, IReadOnlyDictionary<string, string> origins, List<EffectiveSetting> settings)
    {
        foreach (var (key, property) in SettingSchema.Properties(options.GetType()))
        {
            var secret = property.GetCustomAttribute<SecretSettingAttribute>() is not null;
            AddValue(property.GetValue(options), path.Length == 0 ? key : $"{path}.{key}", secret, origins, settings);
        }
    }

    private static void AddValue(
        object? value, string path, bool secret, IReadOnlyDictionary<string, string> origins, List<EffectiveSetting> settings)
    {
        if (value is not null && SettingSchema.IsSection(value.GetType()))
        {
            Add(value, path, origins, settings);
        }
        else if (value is IList { Count: > 0 } list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                AddValue(list[i], $"{path}[{i}]", secret, origins, settings);
            }
        }
        else
        {
            var text = value switch { null => null, IList => "[]", "" => "''", _ => secret ? Mask : SettingText.Format(value) };
            settings.Add(new EffectiveSetting(path, text, origins.GetValueOrDefault(path, "default")));
        }
    }
}
