using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace DriftGuard.Worker.Configuration;

/// <summary>Checks options that already have the right types: first each value's own bounds, then what values say about each other.</summary>
public static class OptionsValidation
{
    /// <summary>Every problem of the options.</summary>
    /// <param name="options">The options, from a file or built by hand.</param>
    /// <returns>The problems with their keys; empty where the options can be used.</returns>
    public static IReadOnlyList<ConfigurationProblem> Check(DriftGuardOptions options)
    {
        var problems = new List<ConfigurationProblem>();
        CheckBounds(options, "", problems);
        problems.AddRange(OptionsRules.Check(options));
        return problems;
    }

    private static void CheckBounds(object options, string path, List<ConfigurationProblem> problems)
    {
        foreach (var (key, property) in SettingSchema.Properties(options.GetType()))
        {
            var keyPath = path.Length == 0 ? key : $"{path}.{key}";
            var value = property.GetValue(options);
            foreach (var bound in property.GetCustomAttributes<ValidationAttribute>().Where(bound => !bound.IsValid(value)))
            {
                problems.Add(new(Describe(bound, value), keyPath));
                break;
            }

            if (value is not null && SettingSchema.IsSection(value.GetType()))
            {
                CheckBounds(value, keyPath, problems);
            }
            else if (value is IEnumerable items and not string)
            {
                var position = 0;
                foreach (var item in items)
                {
                    if (SettingSchema.IsSection(item.GetType()))
                    {
                        CheckBounds(item, $"{keyPath}[{position}]", problems);
                    }

                    position++;
                }
            }
        }
    }

    private static string Describe(ValidationAttribute bound, object? value) => bound switch
    {
        RequiredAttribute => "is required",
        RangeAttribute { OperandType: var type } range when type == typeof(TimeSpan) =>
            $"must be between {Duration(range.Minimum)} and {Duration(range.Maximum)}, found {SettingText.Format(value!)}",
        RangeAttribute range => $"must be between {SettingText.Format(range.Minimum)} and {SettingText.Format(range.Maximum)}, found {SettingText.Format(value!)}",
        MaxLengthAttribute length => $"must be at most {length.Length} characters long",
        _ => $"{bound.ErrorMessage}, found '{value}'",
    };

    private static string Duration(object bound) =>
        SettingText.Format(bound is TimeSpan duration ? duration : TimeSpan.Parse((string)bound, System.Globalization.CultureInfo.InvariantCulture));
}
