using System.CommandLine;
using System.Globalization;
using DriftGuard.Cli.Shell;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Index;

/// <summary><c>index list</c>: every enrolled index and what serves it.</summary>
internal sealed class IndexListCommand() : DriftGuardCommand("list", "List the indexes and what serves them", "driftguard index list --output json")
{
    public override Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments) =>
        EngineSession.RunAsync(context, "index list", async engine =>
        {
            var views = (await engine.Indexes.ListAsync(context.CancellationToken))
                .Select(i => i.Serving is null ? IndexView.Broken(i.Definition, i.Problem!) : IndexView.Of(i.Serving)).ToList();
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
            return views.Exists(v => v.Problem is not null) ? ExitCode.Conflict : ExitCode.Success;
        });
}
