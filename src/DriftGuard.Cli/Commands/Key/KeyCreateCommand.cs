using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Access;
using DriftGuard.Core.Text;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Security;

namespace DriftGuard.Cli.Commands.Key;

/// <summary><c>key create</c>: makes an API key and shows it once.</summary>
internal sealed class KeyCreateCommand : DriftGuardCommand
{
    private readonly Argument<string> _name = new("name") { Description = "What people call it; it stands in the audit log" };
    private readonly Option<ManagementRole> _role = EnumOption.Create("--role", "What its holder may do with the installation", ManagementRole.None);
    private readonly Option<string[]> _read = Indexes("--read", "An index that may be searched, several times or with commas; * for all");
    private readonly Option<string[]> _write = Indexes("--write", "An index whose points may be written, several times or with commas; * for all");
    private readonly Option<TimeSpan?> _expires = DurationOption.Create("--expires", "After which time it opens nothing any more, such as 90d; never unless set");
    private readonly ActorOptions _actor = new();

    public KeyCreateCommand()
        : base(
            "create", "Make an API key; it is shown once",
            "driftguard key create shop --read docs --write docs", "driftguard key create night-shift --role operator --expires 90d --output json")
    {
        Arguments.Add(_name);
        foreach (var option in new Option[] { _role, _read, _write, _expires })
        {
            Options.Add(option);
        }

        _actor.AddTo(this);
    }

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var actor = _actor.Of(arguments);
        var (name, lifetime) = (arguments.GetRequiredValue(_name), arguments.GetValue(_expires));
        var grants = new Grants(arguments.GetValue(_role), arguments.GetValue(_read) ?? [], arguments.GetValue(_write) ?? []);
        var made = await EngineSession.AskAsync(
            context, "key create", engine => engine.Keys.CreateAsync(name, grants, lifetime, actor.Name, context.CancellationToken),
            server => server.PostAsync<NewKey>(
                $"keys", new CreateKeyRequest(name, grants.Role, grants.Read, grants.Write, lifetime is { } longest ? DurationText.Format(longest) : null, actor.Why), context.CancellationToken),
            actor);
        context.Report(made, KeyView.WriteNew);
        return ExitCode.Success;
    }

    private static Option<string[]> Indexes(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "INDEX",
        CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct(StringComparer.Ordinal)],
    };
}
