using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using DriftGuard.Testing.Network;
using Npgsql;

namespace DriftGuard.Testing.Postgres;

/// <summary>
/// A PostgreSQL for tests: the one that <c>DRIFTGUARD_POSTGRES</c> names by a connection string, or a private one in a temporary folder on a
/// free port of the loopback address. It ends with the process, however that ends: what runs it waits for the end of its input.
/// </summary>
public sealed class PostgresServer
{
    private const string Variable = "DRIFTGUARD_POSTGRES";
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);
    private static readonly Lazy<Task<PostgresServer>> Shared = new(StartSharedAsync);

    // The cluster is made anew for each process and thrown away: what a crash of the machine would lose is worth nothing.
    private const string Script = """
        home=$1; bin=$2; port=$3
        "$bin/initdb" -D "$home/data" -U driftguard -A trust -E UTF8 --no-sync >"$home/log" 2>&1 &&
        "$bin/postgres" -D "$home/data" -p "$port" -k "$home" -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off \
            -c synchronous_commit=off -c max_connections=400 -c shared_buffers=64MB >>"$home/log" 2>&1 &
        read -r ended
        kill -QUIT $(head -n 1 "$home/data/postmaster.pid")
        wait
        rm -rf "$home"
        """;

    private readonly NpgsqlConnectionStringBuilder connection;
    private readonly Process? process;
    private readonly ConcurrentBag<string> databases = [];
    private readonly string prefix = $"driftguard_test_{Guid.NewGuid():N}"[..28];
    private int count;

    private PostgresServer(NpgsqlConnectionStringBuilder connection, Process? process) => (this.connection, this.process) = (connection, process);

    /// <summary>Why there is none here; null if there is one.</summary>
    public static string? Missing { get; } = Environment.GetEnvironmentVariable(Variable) is null && Binaries() is null
        ? $"no PostgreSQL: install the package postgresql, or set {Variable} to a connection string" : null;

    /// <summary>The one of this process, started when it is first asked for.</summary>
    public static Task<PostgresServer> GetAsync() => Shared.Value;

    /// <summary>Makes an empty database.</summary>
    /// <param name="options">What is said of it beyond its name, in SQL.</param>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync(string options = "")
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}_{Interlocked.Increment(ref count)}");
        await ExecuteAsync($"CREATE DATABASE {name} {options}");
        databases.Add(name);
        return new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>Runs SQL in a database.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var session = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await session.OpenAsync();
#pragma warning disable CA2100 // the tests' own text
        await using var command = new NpgsqlCommand(sql, session);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private Task ExecuteAsync(string sql) => ExecuteAsync(connection.ConnectionString, sql);

    private static async Task<PostgresServer> StartSharedAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } given)
        {
            var there = new PostgresServer(new(given), null);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => there.DropDatabases();
            return there;
        }

        var home = Directory.CreateTempSubdirectory("driftguard-postgres-").FullName;
        var (port, bin) = (FreePort.Next(), Binaries() ?? throw new InvalidOperationException(Missing));
        var started = Process.Start(Command(home, bin, port)) ?? throw new InvalidOperationException("PostgreSQL cannot be started");
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            started.StandardInput.Close();
            started.WaitForExit(TimeSpan.FromSeconds(10));
        };
        var server = new PostgresServer(new() { Host = "127.0.0.1", Port = port, Username = "driftguard", Database = "postgres" }, started);
        await server.WaitAsync(Path.Join(home, "log"));
        return server;
    }

    private async Task WaitAsync(string log)
    {
        for (var began = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                await ExecuteAsync("SELECT 1");
                return;
            }
            catch (NpgsqlException error) when (!process!.HasExited && Stopwatch.GetElapsedTime(began) < LongestStart)
            {
                await Task.Delay(BetweenTries);
                _ = error;
            }
            catch (NpgsqlException error)
            {
                throw new InvalidOperationException($"PostgreSQL does not start: {(File.Exists(log) ? await File.ReadAllTextAsync(log) : "")}", error);
            }
        }
    }

    /// <summary>It refuses to run as root: there it runs as the user that its package made, or as nobody.</summary>
    private static ProcessStartInfo Command(string home, string bin, int port)
    {
        var command = new ProcessStartInfo { RedirectStandardInput = true, UseShellExecute = false };
        string[] shell = ["sh", "-c", Script, "postgres", home, bin, port.ToString(CultureInfo.InvariantCulture)];
        string[] all = shell;
        if (Environment.UserName == "root")
        {
            var user = File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";
            using (var chown = Process.Start("chown", [user, home]))
            {
                chown.WaitForExit();
            }

            all = ["setpriv", "--reuid", user, "--clear-groups", .. shell];
        }

        command.FileName = all[0];
        foreach (var argument in all[1..])
        {
            command.ArgumentList.Add(argument);
        }

        return command;
    }

    private static string? Binaries()
    {
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0)
                .Select(d => Path.Join(d, "bin"))
            : [];
        return installed.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(folder => File.Exists(Path.Join(folder, "initdb")) && File.Exists(Path.Join(folder, "postgres")));
    }

    private void DropDatabases()
    {
        foreach (var name in databases)
        {
            ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)").GetAwaiter().GetResult();
        }
    }
}
