using System.Text.Json;
using DriftGuard.Cli.Shell.Progress;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Configuration;
using Spectre.Console;

namespace DriftGuard.Cli.Shell;

/// <summary>What a command works with: its consoles, its configuration and the token that stops it.</summary>
internal sealed class CommandContext
{
    /// <summary>The variable with the address of a server to ask.</summary>
    public const string ServerVariable = "DRIFTGUARD_SERVER";

    private readonly Lazy<LoadedConfiguration> _configuration;

    public CommandContext(ShellEnvironment environment, GlobalValues values)
    {
        Environment = environment;
        (Output, Verbose, ApiKeyFile) = (values.Output, values.Verbose, values.ApiKeyFile);
        Server = values.Server ?? (environment.Variables.GetValueOrDefault(ServerVariable) is { Length: > 0 } server ? server : null);
        Out = Consoles.Create(environment.Out, environment.OutIsTerminal, environment.Variables);
        Error = Consoles.Create(environment.Error, environment.ErrorIsTerminal, environment.Variables);
        _configuration = new Lazy<LoadedConfiguration>(() => DriftGuardConfiguration.LoadWithOrigins(
            values.ConfigFile,
            environment.Variables,
            values.DataDirectory is null ? [] : [new ConfigurationOverride("dataDirectory", values.DataDirectory, "--data")]));
    }

    /// <summary>What the process gives.</summary>
    public ShellEnvironment Environment { get; }

    /// <summary>Standard output: the result, and nothing else.</summary>
    public IAnsiConsole Out { get; }

    /// <summary>Standard error: progress, notes and errors.</summary>
    public IAnsiConsole Error { get; }

    /// <summary>How the result is written.</summary>
    public OutputMode Output { get; }

    /// <summary>Whether stack traces and debug logs are wanted.</summary>
    public bool Verbose { get; }

    /// <summary>The address of the server to ask; null where the command works here.</summary>
    public string? Server { get; }

    /// <summary>The file with the API key for it; null where none is named.</summary>
    public string? ApiKeyFile { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time => Environment.Time;

    /// <summary>Stops the command: Ctrl-C, or SIGTERM.</summary>
    public CancellationToken CancellationToken => Environment.Stopping;

    /// <summary>The valid options of this run, loaded when first asked for.</summary>
    /// <exception cref="ConfigurationException">The configuration cannot be used.</exception>
    public DriftGuardOptions Options => _configuration.Value.Options;

    /// <summary>The options with their origins.</summary>
    /// <exception cref="ConfigurationException">The configuration cannot be used.</exception>
    public LoadedConfiguration Configuration => _configuration.Value;

    /// <summary>Writes a command's result: <paramref name="result"/> as JSON, or whatever <paramref name="table"/> makes of it.</summary>
    /// <param name="result">The result.</param>
    /// <param name="table">Writes it for people.</param>
    /// <param name="json">How it is written as JSON, where that is stored in the same form; <see cref="ApiJson.Indented"/> unless given.</param>
    /// <typeparam name="T">What the result is.</typeparam>
    public void Report<T>(T result, Action<IAnsiConsole, T> table, JsonSerializerOptions? json = null)
    {
        if (Output is OutputMode.Json)
        {
            // Past the console: no wrapping, no styles, every character as it is.
            Environment.Out.WriteLine(JsonSerializer.Serialize(result, json ?? ApiJson.Indented));
        }
        else
        {
            table(Out, result);
        }
    }

    /// <summary>Says something beside the result, for people only.</summary>
    public void Note(FormattableString text)
    {
        if (Output is OutputMode.Table)
        {
            Error.Say(text);
        }
    }

    /// <summary>
    /// Runs long work that reports its progress: bars on a terminal, a line for each milestone elsewhere; none where programs read, whose
    /// standard error holds an error's object and nothing else.
    /// </summary>
    public Task<T> WithProgressAsync<T>(Func<IProgressReporter, Task<T>> work) =>
        Environment.ErrorIsTerminal ? TerminalProgress.RunAsync(Error, work)
        : work(new PlainProgress(Output is OutputMode.Json ? TextWriter.Null : Environment.Error, Time));

    /// <inheritdoc cref="WithProgressAsync{T}"/>
    public Task WithProgressAsync(Func<IProgressReporter, Task> work) => WithProgressAsync(async progress =>
    {
        await work(progress);
        return true;
    });
}
