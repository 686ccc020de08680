using System.CommandLine;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Api;
using DriftGuard.Worker.Notifications;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Notify;

/// <summary><c>notify test</c>: sends a test message and says what was answered.</summary>
internal sealed class NotifyTestCommand : DriftGuardCommand
{
    private readonly Argument<string?> _name = new("name") { Description = "The webhook; all unless said", Arity = ArgumentArity.ZeroOrOne };

    public NotifyTestCommand()
        : base("test", "Send a test message to a webhook, or to all, and say what was answered", "driftguard notify test", "driftguard notify test oncall") => Arguments.Add(_name);

    public override IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes =>
        [(ExitCode.Success, "all took the message"), (ExitCode.Usage, "no webhook is configured"), (ExitCode.NotFound, "no such webhook"), (ExitCode.Unavailable, "a webhook did not take the message")];

    public override bool AsksServer => true;

    public override async Task<ExitCode> RunAsync(CommandContext context, ParseResult arguments)
    {
        var name = arguments.GetValue(_name);
        var tests = await EngineSession.AskAsync(
            context, "notify test", engine => engine.Notifications.TestAsync(name, context.CancellationToken),
            server => server.PostAsync<IReadOnlyList<WebhookTest>>($"notifications/webhooks/test", new TestWebhooksRequest(name), context.CancellationToken));
        context.Report(tests, Write);
        return tests.All(test => test.Delivered) ? ExitCode.Success : ExitCode.Unavailable;
    }

    private static void Write(IAnsiConsole console, IReadOnlyList<WebhookTest> tests)
    {
        var table = Tables.Create(console, "webhook", "delivered", "answer");
        foreach (var test in tests)
        {
            table.AddTextRow(test.Name, test.Delivered ? "yes" : "no", test.Answer);
        }

        console.Write(table);
    }
}
