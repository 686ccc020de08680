using DriftGuard.Embedding.Pinning.Lock;

namespace DriftGuard.Worker.Configuration;

/// <summary>
/// Loads the options: defaults, over them the file, over it the environment (<c>DRIFTGUARD__SECTION__KEY</c>), over that the
/// overrides of the command line. Unknown keys are refused; every problem is reported at once.
/// </summary>
public static class DriftGuardConfiguration
{
    /// <summary>The file that is read from the current folder where no other is named.</summary>
    public const string DefaultFileName = "driftguard.yaml";

    /// <summary>The environment variable that names the file.</summary>
    public const string FileVariable = "DRIFTGUARD_CONFIG";

    /// <summary>Loads the options.</summary>
    /// <param name="path">The YAML file; null reads <c>$DRIFTGUARD_CONFIG</c>, or <c>driftguard.yaml</c> in the current folder if it exists.</param>
    /// <param name="environment">The environment variables. An empty one counts as not set.</param>
    /// <param name="overrides">Settings that win over both.</param>
    /// <returns>Valid options; paths in them are absolute.</returns>
    /// <exception cref="ConfigurationException">Something is wrong; the exception lists everything that is.</exception>
    public static DriftGuardOptions Load(
        string? path, IReadOnlyDictionary<string, string> environment, IEnumerable<ConfigurationOverride>? overrides = null) =>
        LoadWithOrigins(path, environment, overrides).Options;

    /// <summary>Loads the options and says where each value comes from.</summary>
    /// <inheritdoc cref="Load" path="/param"/>
    /// <inheritdoc cref="Load" path="/exception"/>
    /// <returns>The options, the file and the origins.</returns>
    public static LoadedConfiguration LoadWithOrigins(
        string? path, IReadOnlyDictionary<string, string> environment, IEnumerable<ConfigurationOverride>? overrides = null)
    {
        var problems = new List<ConfigurationProblem>();
        var currentDirectory = Environment.CurrentDirectory;
        var file = FindFile(path, environment, problems);

        var root = file is null ? new SectionSetting(new SettingSource("", currentDirectory)) : YamlSettings.Read(file, problems);
        EnvironmentSettings.Apply(root, environment, currentDirectory, problems);
        EnvironmentSettings.Apply(root, overrides ?? [], currentDirectory, problems);

        var binder = new SettingBinder(problems, environment.GetValueOrDefault("HOME") ?? "");
        var options = (DriftGuardOptions)binder.BindSection(typeof(DriftGuardOptions), root, "");
        if (options.DataDirectory.Length == 0)
        {
            options = options with { DataDirectory = DefaultDataDirectory(environment) };
        }

        options = options with { Models = WithDefaults(options.Models, options.DataDirectory, file) };

        var origins = binder.Origins.ToDictionary(origin => origin.Key, origin => origin.Value.Description, StringComparer.Ordinal);
        problems.AddRange(OptionsValidation.Check(options).Select(p => p with { Source = SourceOf(p.Key, origins) }));
        return problems.Count == 0
            ? new LoadedConfiguration(options, file, origins)
            : throw new ConfigurationException([.. problems.OrderBy(p => p, ConfigurationProblem.BySource)]);
    }

    private static string? FindFile(string? path, IReadOnlyDictionary<string, string> environment, List<ConfigurationProblem> problems)
    {
        var (named, by) = path is not null ? (path, "--config") : (environment.GetValueOrDefault(FileVariable), FileVariable);
        if (string.IsNullOrEmpty(named))
        {
            return File.Exists(DefaultFileName) ? Path.GetFullPath(DefaultFileName) : null;
        }

        if (File.Exists(named))
        {
            return Path.GetFullPath(named);
        }

        problems.Add(new($"there is no configuration file '{named}'", Source: by));
        return null;
    }

    private static ModelsOptions WithDefaults(ModelsOptions models, string dataDirectory, string? file) => models with
    {
        Cache = models.Cache.Length > 0 || dataDirectory.Length == 0 ? models.Cache : Path.Join(dataDirectory, "models"),
        LockFile = models.LockFile ?? ((file is null ? dataDirectory : Path.GetDirectoryName(file)) is { Length: > 0 } folder
            ? Path.Join(folder, ModelLock.DefaultFileName) : null),
    };

    private static string DefaultDataDirectory(IReadOnlyDictionary<string, string> environment)
    {
        if (environment.GetValueOrDefault("XDG_DATA_HOME") is { Length: > 0 } dataHome && Path.IsPathRooted(dataHome))
        {
            return Path.Join(dataHome, "driftguard");
        }

        return environment.GetValueOrDefault("HOME") is { Length: > 0 } home ? Path.Join(home, ".local", "share", "driftguard") : "";
    }

    // A missing key, such as an index without a name, is reported where its section stands.
    private static string? SourceOf(string? key, Dictionary<string, string> origins)
    {
        for (; !string.IsNullOrEmpty(key); key = key.LastIndexOf('.') is > 0 and var end ? key[..end] : null)
        {
            if (origins.TryGetValue(key, out var source))
            {
                return source;
            }
        }

        return null;
    }
}
