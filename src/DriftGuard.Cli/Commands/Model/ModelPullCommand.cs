using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Embedding.Pinning;

namespace DriftGuard.Cli.Commands.Model;

/// <summary><c>model pull</c>: fetches a model by revision and digest, or all that are locked.</summary>
internal sealed class ModelPullCommand : DriftGuardCommand
{
    private readonly Argument<string?> _name = new("name")
    {
        Description = "A model of the lock file or the catalogue; every model of the lock file unless given",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _revision = new("--revision")
    {
        Description = "A commit, branch or tag, in place of the pinned one",
        HelpName = "REVISION",
    };

    private readonly Option<bool> _update = new("--update")
    {
        Description = "Move on from what is locked: to the catalogue's revision, or the newest where that pins none",
    };

    private readonly Option<bool> _replace = new("--replace")
    {
        Description = "Replace another model of the name; indexes of that one stop working",
    };

    public ModelPullCommand()
        : base("pull", "Fetch a model from a hub, check its digests and lock it", "driftguard models pull multilingual-e5-small", "driftguard models pull")
    {
        Arguments.Add(_name);
        Options.Add(_revision);
        Options.Add(_update);
        Options.Add(_replace);
    }

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var name = arguments.GetValue(_name);
        var request = new PullRequest { Revision = arguments.GetValue(_revision), Update = arguments.GetValue(_update), Replace = arguments.GetValue(_replace) };
        if (name is null && request != new PullRequest())
        {
            throw new CommandException(ExitCode.Usage, "without a name exactly what is locked is pulled: --revision, --update and --replace need a name");
        }

        var pulled = await PinningSession.RunAsync(context, async pinning => name is null
            ? await pinning.PullLockedAsync(context.CancellationToken)
            : [await pinning.PullAsync(name, request, context.CancellationToken)]);
        PinningSession.Report(context, pulled);
        return ExitCode.Success;
    }
}
