using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using DriftGuard.Cli.Shell;
using DriftGuard.Cli.Tests.Commands.Drift;
using DriftGuard.Core.Notifications;
using DriftGuard.State;
using DriftGuard.Testing.Network;
using DriftGuard.Testing.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace DriftGuard.Cli.Tests.Api;

/// <summary>
/// Secrets of every kind in a real process that says all that it can: none of them comes out in a log, a trace, a metric, an answer, or the state. Each was
/// in use, which the ends that it is meant for say.
/// </summary>
public sealed class PlantedSecretTests : IDisposable
{
    private const string Qdrant = "planted-qdrant-5f1d", Sql = "planted-sql-93ab", Provider = "planted-provider-77c0", Collector = "planted-collector-d2e4", HookPath = "planted-hook-path-8c2e", HookHeader = "planted-hook-header-61ab", HookSecret = "planted-hook-secret-b90d", Guess = "dg_planted0guess_AAAA", Token = "planted.token.a1b2";

    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-secrets-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task No_planted_secret_comes_out_anywhere()
    {
        await using var ends = await Ends.StartAsync();
        var (port, key) = await PrepareAsync(ends);
        var answers = new List<string>();
        string said;
        using (var serve = DriftGuardProcess.Start(folder, "serve", "--verbose", "--config", Path.Join(folder, "driftguard.yaml")))
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await AnsweringAsync(client, serve);

            (await SendAsync(client, answers, "GET", "/api/v1/indexes/docs", key)).ShouldBe(200);
            (await SendAsync(client, answers, "POST", "/v1/indexes/docs/search", key, """{"text":"a river"}""")).ShouldBe(200, "Qdrant's key is in use");
            foreach (var path in (string[])["/api/v1/indexes", "/api/v1/models", "/api/v1/fingerprints", "/api/v1/keys", "/api/v1/audit", "/api/v1/rollouts", "/api/v1/drift/reports/docs", "/api/v1/notifications/webhooks", "/metrics", "/openapi/v1.json", "/health/ready", "/api/v1/nothing"])
            {
                await SendAsync(client, answers, "GET", path, key);
            }

            // What fails says why, and whose key it was it does not.
            (await SendAsync(client, answers, "POST", "/api/v1/indexes/docs/rollouts/plan", key, """{"to":"planted"}""")).ShouldBe(503);
            await SendAsync(client, answers, "POST", "/api/v1/indexes/shop/evaluations", key, """{"calibrationSet":"xquad-en"}""");
            await SendAsync(client, answers, "POST", "/api/v1/indexes/shop/drift/checks", key, """{"detectors":["index"]}""");
            await SendAsync(client, answers, "POST", "/api/v1/notifications/webhooks/test", key, "{}");
            while (!ends.Authorizations.Contains($"Bearer {HookHeader}"))
            {
                await Task.Delay(100, Cancellation);
            }

            foreach (var wrong in (string[])[Guess, Token, key[..^2] + "xx"])
            {
                (await SendAsync(client, answers, "GET", "/api/v1/keys", wrong)).ShouldBe(401);
                (await SendAsync(client, answers, "POST", "/v1/embeddings", wrong, """{"model":"docs","input":"a river"}""")).ShouldBe(401);
            }

            var (code, output, error) = await serve.StopAsync();
            code.ShouldBe((int)ExitCode.Success, error);
            said = output + error;
        }

        SqliteConnection.ClearAllPools();
        var kept = string.Concat(Directory.EnumerateFiles(Path.Join(folder, "data"), "*", SearchOption.AllDirectories).Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))));
        string[] secrets = [Qdrant, Sql, Provider, Collector, HookPath, HookHeader, HookSecret, Guess, Token, key, key.Split('_', 3)[2], key[..^2] + "xx"];
        foreach (var (where, text) in new[] { ("log", said), ("answers", string.Concat(answers)), ("telemetry", string.Concat(ends.Telemetry)), ("state", kept) })
        {
            text.Length.ShouldBeGreaterThan(1000, where);
            secrets.Where(secret => text.Contains(secret, StringComparison.Ordinal)).ShouldBeEmpty(where);
        }

        ends.Authorizations.ShouldContain($"Bearer {Provider}", "the provider's key is in use");
        ends.Authorizations.ShouldContain($"Bearer {Collector}", "the collector's key is in use");
        said.ShouldContain("Webhook oncall does not take", Case.Insensitive, "a notification was refused, and that was logged");
    }

    /// <summary>An index, another whose texts lie in a database, a model of a provider, a key, and a configuration with all that is secret.</summary>
    private async Task<(int Port, string Key)> PrepareAsync(Ends ends)
    {
        using (var index = await CheckedIndex.CopyAsync())
        {
            SqliteConnection.ClearAllPools();
            Directory.Move(Path.Join(index.Folder, "data"), Path.Join(folder, "data"));
        }

        var model = Directory.CreateDirectory(Path.Join(folder, "models", "planted")).FullName;
        await File.WriteAllTextAsync(Path.Join(model, "key"), Provider, Cancellation);
        await File.WriteAllTextAsync(Path.Join(model, "model.yaml"), $$"""
            name: planted
            provider: openai
            model: text-embedding-3-small
            dimensions: 128
            max_tokens: 8191
            endpoint: { url: "{{ends.Address}}/v1", api_key_file: key }
            """, Cancellation);
        var port = FreePort.Next();
        await File.WriteAllTextAsync(Path.Join(folder, "driftguard.yaml"), $$"""
            qdrant: { apiKey: {{Qdrant}} }
            http: { address: "http://127.0.0.1:{{port}}" }
            security: { anonymous: never }
            models: { roots: [models, "{{Path.Join(AppContext.BaseDirectory, "models")}}"] }
            telemetry: { sampling: 1, otlp: { endpoint: "{{ends.Address}}", protocol: http, headers: "authorization=Bearer {{Collector}}" } }
            log: { level: trace, json: true }
            notifications:
              webhooks:
                - { name: oncall, url: "{{ends.Address}}/hooks/{{HookPath}}", secret: {{HookSecret}}, headers: "authorization=Bearer {{HookHeader}}" }
                - { name: gone, format: slack, url: "http://127.0.0.1:1/hooks/{{HookPath}}", secret: {{HookSecret}} }
            indexes:
              - name: shop
                model: static-wordpiece-128
                textField: body
                source: { kind: postgres, table: shop.articles, connection: "Host=127.0.0.1;Port=1;Database=shop;Username=shop;Password={{Sql}}" }
            """, Cancellation);
        var key = await CommandLineRun.Of(
            ["key", "create", "everything", "--role", "admin", "--output", "json", "--data", Path.Join(folder, "data"), "--config", Path.Join(folder, "driftguard.yaml")], Cancellation);
        key.Code.ShouldBe(ExitCode.Success, key.Error);
        var state = await StateStore.OpenAsync(Path.Join(folder, "data", "state.db"), TimeProvider.System, Cancellation);
        await state.TellAsync(
            new("test/1", 1, new()
            {
                Id = "test/1",
                Kind = NotificationKind.CutOver,
                State = NotificationState.Happened,
                Severity = NotificationSeverity.Info,
                Subject = "test",
                Title = "A title",
                Text = "A text",
                At = TimeProvider.System.GetUtcNow(),
                Since = TimeProvider.System.GetUtcNow(),
            }, []),
            ["oncall", "gone"], 10, Cancellation);
        SqliteConnection.ClearAllPools();
        return (port, key.Json.GetProperty("text").GetString()!);
    }

    private static async Task AnsweringAsync(HttpClient client, DriftGuardProcess serve)
    {
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancellation);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (!serve.HasEnded)
            {
                // Not yet.
            }

            serve.HasEnded.ShouldBeFalse(serve.SaidSoFar);
            await Task.Delay(100, Cancellation);
        }
    }

    private static async Task<int> SendAsync(HttpClient client, List<string> answers, string method, string path, string key, string? body = null)
    {
        using var request = new HttpRequestMessage(new(method), path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request, Cancellation);
        answers.Add($"{answer.Headers}{await answer.Content.ReadAsStringAsync(Cancellation)}");
        return (int)answer.StatusCode;
    }

    /// <summary>The other ends: a collector of telemetry, and a provider that refuses everybody and sends their key back.</summary>
    private sealed class Ends(WebApplication app) : IAsyncDisposable
    {
        public ConcurrentBag<string> Telemetry { get; } = [];

        public ConcurrentBag<string> Authorizations { get; } = [];

        public string Address => app.Urls.Single();

        public static async Task<Ends> StartAsync()
        {
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            builder.Services.AddRouting();
            var app = builder.Build();
            var ends = new Ends(app);
            app.UseRouting();
            app.MapPost("/v1/embeddings", context =>
            {
                var authorization = context.Request.Headers.Authorization.ToString();
                ends.Authorizations.Add(authorization);
                context.Response.StatusCode = 401;
                return context.Response.WriteAsJsonAsync(new { error = new { message = $"Incorrect API key provided: {authorization}" } });
            });
            app.MapPost("/hooks/{**path}", context =>
            {
                var authorization = context.Request.Headers.Authorization.ToString();
                ends.Authorizations.Add(authorization);
                context.Response.StatusCode = 403;
                return context.Response.WriteAsync($"{context.Request.Path} is not for {authorization}");
            });
            app.MapPost("/{**signal}", async context =>
            {
                ends.Authorizations.Add(context.Request.Headers.Authorization.ToString());
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body);
                ends.Telemetry.Add(Encoding.Latin1.GetString(body.ToArray()));
            });
            await app.StartAsync(Cancellation);
            return ends;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
