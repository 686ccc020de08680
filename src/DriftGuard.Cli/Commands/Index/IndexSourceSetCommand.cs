using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Indexes;

namespace DriftGuard.Cli.Commands.Index;

/// <summary><c>index source set</c>: says anew where the texts of an index come from.</summary>
internal sealed class IndexSourceSetCommand : DriftGuardCommand
{
    private readonly Argument<string> _name = new("name") { Description = "The index" };
    private readonly Option<bool> _payload = new("--payload") { Description = "Take the texts from the payload of the points, and from no file or table any more" };
    private readonly TextSourceOptions _texts = new();

    public IndexSourceSetCommand()
        : base(
            "set",
            "Say where the texts of an index come from, and how they are joined; what is not named stays as it is",
            @"driftguard index source set docs --template '{title}\n{body}'",
            "driftguard index source set docs --source-table shop.articles --connection-file /run/secrets/shop --text-field body --updated-at updated_at")
    {
        Arguments.Add(_name);
        Options.Add(_payload);
        _texts.AddTo(this);
    }

    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "index source set", async engine =>
        {
            var index = (await engine.Indexes.ShowAsync(arguments.GetRequiredValue(_name), context.CancellationToken)).Definition;
            if (arguments.GetValue(_payload))
            {
                index = index with { Source = SourceDefinition.OfPayload };
            }

            await engine.Indexes.SetSourceAsync(_texts.Read(arguments, index), context.CancellationToken);
            context.Report(await engine.Indexes.ViewAsync(index.Name, context.CancellationToken), IndexText.Write);
            return ExitCode.Success;
        });
}
