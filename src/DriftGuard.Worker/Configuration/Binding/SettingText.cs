using System.Globalization;
using DriftGuard.Core.Text;

namespace DriftGuard.Worker.Configuration;

/// <summary>Single values to and from text, by their type.</summary>
internal static class SettingText
{
    public static bool TryParse(Type type, string text, out object? value)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        value = null;
        if (type == typeof(string))
        {
            value = text;
        }
        else if (type == typeof(bool))
        {
            value = text switch { "true" or "True" => true, "false" or "False" => false, _ => null };
        }
        else if (type == typeof(int))
        {
            value = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        else if (type == typeof(double))
        {
            value = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
        }
        else if (type == typeof(TimeSpan))
        {
            value = DurationText.TryParse(text, out var duration) ? duration : null;
        }
        else if (type.IsEnum)
        {
            var names = Enum.GetNames(type);
            var name = Array.Find(names, n => string.Equals(SettingSchema.Key(n), text, StringComparison.OrdinalIgnoreCase));
            value = name is null ? null : Enum.Parse(type, name);
        }
        else
        {
            throw new NotSupportedException($"Options of type {type} cannot be read from text.");
        }

        return value is not null;
    }

    /// <summary>A value in the form in which it can be written into the file.</summary>
    public static string Format(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        TimeSpan duration => DurationText.Format(duration),
        Enum member => SettingSchema.Key(member.ToString()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    public static string Expected(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(int) => "a whole number",
            _ when type == typeof(double) => "a number",
            _ when type == typeof(TimeSpan) => "a duration such as 30s, 5m, 2h or 7d",
            _ when type.IsEnum => "one of " + string.Join(", ", Members(type)),
            _ when SettingSchema.IsSection(type) => "keys below it",
            _ => "text",
        };
    }

    public static string Hint(Type type, string text)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(TimeSpan) && double.TryParse(text, CultureInfo.InvariantCulture, out _))
        {
            return "; add the unit";
        }

        return type.IsEnum && NearestName.Find(text, Members(type)) is { } meant ? $"; did you mean '{meant}'?" : "";
    }

    private static IEnumerable<string> Members(Type type) => Enum.GetNames(type).Select(SettingSchema.Key);
}
