using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Access;
using DriftGuard.Worker.Reports;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Audit;

/// <summary><c>audit</c>: what happened, and who did it.</summary>
internal sealed class AuditCommand : DriftGuardCommand
{
    private readonly Argument<string?> _index = new("index") { Description = "Only what is about an index; everything unless given", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _rollout = new("--rollout") { Description = "Only what is about a rollout", HelpName = "ROLLOUT" };
    private readonly Option<string?> _since = SinceOption.Create();
    private readonly Option<int?> _limit = NumberOption.Create("--limit", $"How many are shown, newest first [default: {AuditQuery.UsualLimit}]", 1, AuditQuery.MostEntries);

    public AuditCommand()
        : base("audit", "Show the audit log: what happened, who did it, from where and why", "driftguard audit docs --since 7d", "driftguard audit --rollout docs-r3 --output json")
    {
        Arguments.Add(_index);
        Options.Add(_rollout);
        Options.Add(_since);
        Options.Add(_limit);
    }

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var query = new AuditQuery(
            arguments.GetValue(_index), arguments.GetValue(_rollout), SinceOption.Read(arguments.GetValue(_since), context.Time.GetUtcNow()),
            Limit: arguments.GetValue(_limit) ?? AuditQuery.UsualLimit);
        var found = await EngineSession.AskAsync(
            context, "audit",
            async engine =>
            {
                var events = await engine.Installation.State.FindAuditAsync(query, context.CancellationToken);
                if (events.Count == 0 && query.Index is not null)
                {
                    await IndexNames.RequireAsync(engine, query.Index, context.CancellationToken);
                }

                return events;
            },
            server => server.GetAsync<IReadOnlyList<AuditEvent>>(
                $"audit", context.CancellationToken, query: [("index", query.Index), ("rollout", query.RolloutId), ("since", query.Since), ("limit", query.Limit)]));
        context.Report(found, Write);
        return ExitCode.Success;
    }

    private static void Write(IAnsiConsole console, IReadOnlyList<AuditEvent> events)
    {
        if (events.Count == 0)
        {
            console.Say($"nothing is in the audit log");
            return;
        }

        var table = Tables.Create(console, "time", "about", "what", "reason", "by", "from", "why", "message");
        foreach (var entry in events)
        {
            table.AddTextRow(
                ReportText.Time(entry.At), entry.RolloutId ?? entry.Index ?? "-", entry.Event, entry.Reason, entry.By ?? "-", entry.From ?? "-", entry.Why ?? "-", entry.Message);
        }

        console.Write(table);
    }
}
