using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DriftGuard.Cli.Commands.Serve;
using DriftGuard.Cli.Shell;
using DriftGuard.State;
using DriftGuard.Worker.Configuration;
using DriftGuard.Worker.Health;
using DriftGuard.Worker.Hosting;
using DriftGuard.Worker.Installation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace DriftGuard.Cli.Tests.Commands;

public sealed class ServeTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("driftguard-serve-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task It_is_ready_once_its_Qdrant_answers()
    {
        var (live, ready) = await Probe(new QdrantSettings());

        live.Status.ShouldBe(HttpStatusCode.OK);
        ready.Status.ShouldBe(HttpStatusCode.OK);
        foreach (var check in new[] { "qdrant", "state", "models", "serving", "loops" })
        {
            ready.Body.GetProperty("checks").GetProperty(check).GetProperty("status").GetString().ShouldBe("healthy", check);
        }
    }

    [Fact]
    public async Task It_is_alive_but_not_ready_while_its_Qdrant_does_not_answer()
    {
        // Port 1 is reserved, and nobody listens on it.
        var (live, ready) = await Probe(new QdrantSettings { Address = "http://127.0.0.1:1" });

        live.Status.ShouldBe(HttpStatusCode.OK);
        ready.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        ready.Body.GetProperty("checks").GetProperty("qdrant").GetProperty("description").GetString().ShouldNotBeNull().ShouldContain("127.0.0.1:1");
    }

    [Fact]
    public async Task One_that_is_asked_to_stop_is_not_ready_first_ends_what_waits_and_answers_on()
    {
        await (await StateStore.OpenAsync(DriftGuardInstallation.Open(_data).StateDatabase, TimeProvider.System, default)).AddAuditAsync(null, "happened", "then", "", default);
        await ServedInstallation.RunAsync(_data, options => options, async (host, client, _) =>
        {
            var draining = host.Services.GetRequiredService<Draining>();
            (await client.GetAsync(new Uri("/health/live", UriKind.Relative))).Headers.ConnectionClose.ShouldBeNull();

            await draining.RunAsync(TimeSpan.Zero, default);

            var (status, body) = await Get(client, "/health/ready");
            status.ShouldBe(HttpStatusCode.ServiceUnavailable);
            body.GetProperty("checks").GetProperty("serving").GetProperty("description").GetString().ShouldBe("stopping: send requests elsewhere");
            using var answer = await client.GetAsync(new Uri("/api/v1/audit", UriKind.Relative));
            (answer.StatusCode, answer.Headers.ConnectionClose).ShouldBe((HttpStatusCode.OK, true));
        }, default);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("qdrant")]
    public async Task A_data_folder_in_use_is_a_conflict_that_names_its_holder(string command)
    {
        using var lease = DriftGuardInstallation.Open(_data).Acquire("serve", TimeProvider.System);

        var run = await CommandLineRun.Of([command, "--data", _data]);

        run.Code.ShouldBe(ExitCode.Conflict);
        run.Error.ShouldStartWith($"error: another process (pid {Environment.ProcessId}, serve since ");
        run.Error.ShouldContain($"uses {_data}; stop it or choose another folder with --data\n");
    }

    [Fact]
    public async Task The_embedded_Qdrant_alone_says_where_it_answers_and_gives_the_folder_back_when_stopped()
    {
        using var stopping = new CancellationTokenSource();
        using var output = new StoppingWriter(stopping);

        var code = await CommandLineApplication.RunAsync(["qdrant", "--data", _data, "--port", "0", "--output", "json"], new ShellEnvironment
        {
            Out = output,
            Error = TextWriter.Null,
            Variables = new Dictionary<string, string>(StringComparer.Ordinal),
            Stopping = stopping.Token,
        });

        code.ShouldBe(ExitCode.Success);
        JsonDocument.Parse(output.ToString()).RootElement.GetProperty("address").GetString()!.ShouldStartWith("http://127.0.0.1:");
        DriftGuardInstallation.Open(_data).Acquire("serve", TimeProvider.System).Dispose();
    }

    [Fact]
    public async Task A_second_process_uses_the_Qdrant_of_the_holder()
    {
        var options = new DriftGuardOptions { DataDirectory = _data };
        await using var owner = await QdrantEndpoint.OpenExclusiveAsync(options, "serve", TimeProvider.System, NullLoggerFactory.Instance, default);

        await using var second = await QdrantEndpoint.OpenAsync(options, "index list", TimeProvider.System, NullLoggerFactory.Instance, default);

        owner.IsOwn.ShouldBeTrue();
        second.IsOwn.ShouldBeFalse();
        second.Owner!.Role.ShouldBe("serve");
        second.Client.Address.ShouldBe(owner.Client.Address);
    }

    private async Task<((HttpStatusCode Status, JsonElement Body) Live, (HttpStatusCode Status, JsonElement Body) Ready)> Probe(QdrantSettings settings)
    {
        var options = new DriftGuardOptions
        {
            DataDirectory = _data,
            Qdrant = settings,
            Http = new HttpOptions { Address = "http://127.0.0.1:0" },
            Log = new LogOptions { Level = Microsoft.Extensions.Logging.LogLevel.None },
        };
        await using var qdrant = await QdrantEndpoint.OpenExclusiveAsync(options, "serve", TimeProvider.System, NullLoggerFactory.Instance, default);
        using var installation = await OpenedInstallation.OpenAsync(options, qdrant, TimeProvider.System, NullLoggerFactory.Instance, default);
        await using var host = ServeHost.Build(options, qdrant, installation, ServeRole.All, TimeProvider.System, verbose: false);
        await ServeHost.StartAsync(host, options, default);
        using var client = new HttpClient { BaseAddress = new Uri(host.Urls.Single()) };
        // What is being opened is open soon.
        var ready = await Get(client, "/health/ready");
        while (ready.Body.GetProperty("checks").GetProperty("models").GetProperty("status").GetString() != "healthy")
        {
            await Task.Delay(20);
            ready = await Get(client, "/health/ready");
        }

        var answers = (await Get(client, "/health/live"), ready);
        await host.StopAsync(CancellationToken.None);
        return answers;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> Get(HttpClient client, string page)
    {
        using var response = await client.GetAsync(new Uri(page, UriKind.Relative));
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>Asks the command to stop as soon as it has said something.</summary>
    private sealed class StoppingWriter(CancellationTokenSource stopping) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            stopping.Cancel();
        }
    }
}
