namespace DriftGuard.Worker.Configuration;

/// <summary>
/// Marks a setting that is a path: <c>~</c> is the home folder, and a relative path starts at the configuration file's folder, or
/// at the current one where it comes from the environment or the command line.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PathSettingAttribute : Attribute;

/// <summary>Marks a setting whose value is never shown.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretSettingAttribute : Attribute;
