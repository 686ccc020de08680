namespace DriftGuard.Worker.Configuration;

/// <summary>Where a setting was read.</summary>
/// <param name="Description">As shown in messages: a file with line and column, a variable, or an option.</param>
/// <param name="BaseDirectory">Where a relative path starts.</param>
internal sealed record SettingSource(string Description, string BaseDirectory);

/// <summary>A node of the tree that the sources are read into before it is bound to options.</summary>
/// <param name="Source">Where it was read.</param>
internal abstract record Setting(SettingSource Source);

/// <summary>One value as text; null where the source says so explicitly.</summary>
internal sealed record ScalarSetting(string? Value, SettingSource Source) : Setting(Source);

/// <summary>Settings by key.</summary>
internal sealed record SectionSetting(SettingSource Source) : Setting(Source)
{
    public Dictionary<string, Setting> Entries { get; } = new(StringComparer.Ordinal);
}

/// <summary>Settings in order.</summary>
internal sealed record ListSetting(SettingSource Source) : Setting(Source)
{
    public List<Setting> Items { get; } = [];
}
