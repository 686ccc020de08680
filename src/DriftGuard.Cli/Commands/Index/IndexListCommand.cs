using System.CommandLine;
using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Indexes;

namespace DriftGuard.Cli.Commands.Index;

/// <summary><c>index list</c>: every enrolled index and what serves it.</summary>
internal sealed class IndexListCommand() : DriftGuardCommand("list", "List the indexes and what serves them", "driftguard index list --output json")
{
    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var views = await EngineSession.AskAsync(
            context, "index list", engine => engine.Indexes.ViewsAsync(context.CancellationToken), server => server.GetAsync<IReadOnlyList<IndexView>>($"indexes", context.CancellationToken));
        context.Report(views, (console, indexes) =>
        {
            if (indexes.Count == 0)
            {
                console.Say($"no indexes; create one with: driftguard index create NAME --model MODEL");
                return;
            }

            var table = Tables.Create(console, "index", "model", "collection", ">points", ">epoch", "problem");
            foreach (var index in indexes)
            {
                table.AddTextRow(
                    index.Name, index.Model ?? "-", index.Collection ?? "-", index.Points?.ToString("N0", CultureInfo.InvariantCulture) ?? "-",
                    index.Epoch?.ToString(CultureInfo.InvariantCulture) ?? "-", index.Problem ?? "");
            }

            console.Write(table);
        });
        return views.Any(v => v.Problem is not null) ? ExitCode.Conflict : ExitCode.Success;
    }
}
