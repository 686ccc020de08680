using System.CommandLine;
using DriftGuard.Core.Access;

namespace DriftGuard.Cli.Shell;

/// <summary>Who runs a command and why, for the audit log.</summary>
internal sealed class ActorOptions
{
    private readonly Option<string?> _by = new("--by") { Description = "Who asks, for the audit log; the user name unless set" };
    private readonly Option<string?> _reason = new("--reason") { Description = "Why, for the audit log" };

    /// <summary>Who runs a command that does not ask: the user, on this machine.</summary>
    public static Actor User { get; } = new(Environment.UserName, Environment.MachineName);

    public void AddTo(Command command)
    {
        command.Options.Add(_by);
        command.Options.Add(_reason);
    }

    public Actor Of(ParseResult arguments) => User with { Name = arguments.GetValue(_by) ?? User.Name, Why = arguments.GetValue(_reason) };
}
