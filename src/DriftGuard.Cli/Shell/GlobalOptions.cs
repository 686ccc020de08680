using System.CommandLine;

namespace DriftGuard.Cli.Shell;

/// <summary>The options that every command understands.</summary>
internal sealed class GlobalOptions
{
    public Option<OutputMode> Output { get; } = CreateOutput();

    public Option<string?> Data { get; } = new("--data")
    {
        Description = "The data folder, in place of the configured one",
        HelpName = "DIR",
        Recursive = true,
    };

    public Option<string?> Config { get; } = new("--config")
    {
        Description = "The configuration file, in place of $DRIFTGUARD_CONFIG or ./driftguard.yaml",
        HelpName = "FILE",
        Recursive = true,
    };

    public Option<string?> Server { get; } = CreateServer();

    public Option<string?> ApiKeyFile { get; } = new("--api-key-file")
    {
        Description = "A file with the API key for --server, in place of $DRIFTGUARD_API_KEY",
        HelpName = "FILE",
        Recursive = true,
    };

    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Show debug logs, and where an error comes from",
        Recursive = true,
    };

    public void AddTo(Command root)
    {
        root.Options.Add(Output);
        root.Options.Add(Data);
        root.Options.Add(Config);
        root.Options.Add(Server);
        root.Options.Add(ApiKeyFile);
        root.Options.Add(Verbose);
    }

    public GlobalValues Read(ParseResult result) =>
        new(result.GetValue(Output), result.GetValue(Data), result.GetValue(Config), result.GetValue(Server), result.GetValue(ApiKeyFile), result.GetValue(Verbose));

    private static Option<string?> CreateServer()
    {
        var option = new Option<string?>("--server")
        {
            Description = "Ask a running 'driftguard serve' at this address, in place of $DRIFTGUARD_SERVER, and touch nothing here",
            HelpName = "URL",
            Recursive = true,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var address }] && !ApiClient.IsAddress(address))
            {
                result.AddError($"--server: expected an address such as https://driftguard.example:8470, found '{address}'");
            }
        });
        return option;
    }

    private static Option<OutputMode> CreateOutput()
    {
        var option = EnumOption.Create("--output", "How the result is written: a table for people, or JSON for programs", OutputMode.Table, "-o");
        option.Recursive = true;
        return option;
    }
}

/// <summary>The values of the options that every command understands.</summary>
internal sealed record GlobalValues(OutputMode Output, string? DataDirectory, string? ConfigFile, string? Server, string? ApiKeyFile, bool Verbose);
