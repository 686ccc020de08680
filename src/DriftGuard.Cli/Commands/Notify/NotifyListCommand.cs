using System.CommandLine;
using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Notifications;
using DriftGuard.Worker.Reports;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Notify;

/// <summary><c>notify list</c>: the webhooks, with what they last answered.</summary>
internal sealed class NotifyListCommand() : DriftGuardCommand("list", "List webhooks, with what waits for them and what they last answered", "driftguard notify list")
{
    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var webhooks = await EngineSession.AskAsync(
            context, "notify list", engine => engine.Notifications.ListAsync(context.CancellationToken),
            server => server.GetAsync<IReadOnlyList<WebhookView>>($"notifications/webhooks", context.CancellationToken));
        context.Report(webhooks, Write);
        return ExitCode.Success;
    }

    private static void Write(IAnsiConsole console, IReadOnlyList<WebhookView> webhooks)
    {
        if (webhooks.Count == 0)
        {
            console.Say($"no webhooks; set notifications.webhooks in the configuration");
            return;
        }

        var table = Tables.Create(console, "webhook", "format", "from", "events", "indexes", ">waiting", "last tried", "answer");
        foreach (var webhook in webhooks)
        {
            table.AddTextRow(
                webhook.Name, DriftJson.Word(webhook.Format), DriftJson.Word(webhook.MinimumSeverity),
                webhook.Events.Count == 0 ? "all" : string.Join(", ", webhook.Events.Select(DriftJson.Word)), webhook.Indexes.Count == 0 ? "all" : string.Join(", ", webhook.Indexes),
                webhook.Waiting.ToString(CultureInfo.InvariantCulture), webhook.LastAt is { } at ? ReportText.Time(at) : "never", webhook.LastAnswer ?? "-");
        }

        console.Write(table);
    }
}
