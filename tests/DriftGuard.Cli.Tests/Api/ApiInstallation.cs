using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DriftGuard.Cli.Tests.Commands.Drift;
using DriftGuard.Core.Access;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Hosting;
using DriftGuard.Worker.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Cli.Tests.Api;

/// <summary>A served installation with an index "docs", and callers of several kinds.</summary>
internal sealed class ApiInstallation(CheckedIndex index, WebApplication host, HttpClient client, OpenedInstallation installation)
{
    private const int LargeBody = 64 * 1024;

    /// <summary>Nobody may anything without saying who they are.</summary>
    public static SecurityOptions Closed { get; } = new() { Anonymous = AnonymousAccess.Never };

    public CheckedIndex Index { get; } = index;

    public WebApplication Host { get; } = host;

    public HttpClient Client { get; } = client;

    public OpenedInstallation Installation { get; } = installation;

    public string Address => Client.BaseAddress!.GetLeftPart(UriPartial.Authority);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Serves a copy of the checked index while something is done with it.</summary>
    public static async Task RunAsync(Func<ApiInstallation, Task> work, Func<DriftGuardOptions, DriftGuardOptions>? configure = null)
    {
        using var index = await CheckedIndex.CopyAsync();
        await ServedInstallation.RunAsync(
            Path.Join(index.Folder, "data"), configure ?? (options => options), (host, client, installation) => work(new(index, host, client, installation)), Cancellation);
    }

    /// <summary>Makes a key.</summary>
    public async Task<string> KeyAsync(string name, ManagementRole role = ManagementRole.None, string? read = null, string? write = null) =>
        (await Host.Services.GetRequiredService<KeyService>()
            .CreateAsync(name, new(role, read is null ? [] : [read], write is null ? [] : [write]), null, "test", Cancellation)).Text;

    /// <summary>Sends a request.</summary>
    /// <param name="method">How.</param>
    /// <param name="path">Where.</param>
    /// <param name="key">As whom; null as nobody.</param>
    /// <param name="body">What; a text as it is, anything else as JSON; null for nothing.</param>
    /// <param name="headers">What else is said.</param>
    public async Task<HttpResponseMessage> SendAsync(string method, string path, string? key = null, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method), path);
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        request.Content = body switch
        {
            null => null,
            string text => new StringContent(text, System.Text.Encoding.UTF8, "application/json"),
            _ => JsonContent.Create(body),
        };
        // A server that takes no more than it must answers while a client still sends: this one asks first.
        request.Headers.ExpectContinue = body is string { Length: > LargeBody };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue(name);
        }

        return await Client.SendAsync(request, Cancellation);
    }

    /// <summary>Sends a request and reads its answer.</summary>
    public async Task<(int Status, JsonElement Body)> CallAsync(string method, string path, string? key = null, object? body = null, params (string Name, string Value)[] headers)
    {
        using var answer = await SendAsync(method, path, key, body, headers);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        return ((int)answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    /// <summary>Runs a command that asks this server.</summary>
    public Task<CommandLineRun> AskAsync(string? key, params string[] arguments) =>
        CommandLineRun.Of([.. arguments, "--server", Address], Cancellation, key is null ? [] : [("DRIFTGUARD_API_KEY", key)]);
}
