using DriftGuard.Testing.Postgres;

namespace DriftGuard.State.Tests;

/// <summary>What goes wrong between here and PostgreSQL is told to people with what to do, and without the password.</summary>
public sealed class PostgresFailureTests() : StateFolder(StateKind.Postgres)
{
    private const string Password = "not-to-be-told";

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        var refused = await FailAsync($"Host=127.0.0.1;Port=1;Database=none;Username=x;Password={Password}");

        refused.ShouldContain("state database none on 127.0.0.1:1");
        refused.ShouldContain("cannot be reached");
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_named() => (await FailAsync(With("Database", "nowhere"))).ShouldContain("create it, or check state.connection");

    [Fact]
    public async Task A_user_that_is_not_let_in_is_told() => (await FailAsync(With("Username", "nobody-known"))).ShouldContain("it refuses the user");

    [Theory]
    [InlineData("nonsense=1")]
    [InlineData("Database=x;Password=" + Password)]
    [InlineData("Host=x;Port=many;Password=" + Password)]
    public void What_is_no_connection_is_refused(string connection)
    {
        var message = Should.Throw<StateException>(() => StateDatabase.Postgres(connection)).Message;

        message.ShouldContain("state.connection");
        message.ShouldNotContain(Password);
    }

    [Fact]
    public async Task A_database_that_may_only_be_read_is_told()
    {
        await Sql.ExecuteAsync(Database, "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET default_transaction_read_only = on'; END $$");
        Npgsql.NpgsqlConnection.ClearAllPools();

        var refused = await Should.ThrowAsync<StateException>(() => Store.AddRolloutAsync("docs", Rollouts.New, Cancellation));

        refused.Message.ShouldContain("read-only");
    }

    [Fact]
    public async Task Texts_sort_by_their_bytes_whatever_the_language_of_the_database()
    {
        var english = StateDatabase.Postgres(await (await PostgresServer.GetAsync()).CreateDatabaseAsync("TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'"));
        var store = await OpenAsync(english, Clock);
        foreach (var name in new[] { "a", "B", "c" })
        {
            await store.SaveIndexAsync(new() { Name = name, CreatedAt = Noon }, Cancellation);
        }

        (await store.ListIndexesAsync(Cancellation)).Select(i => i.Name).ShouldBe(["B", "a", "c"]);
    }

    [Fact]
    public async Task Leases_run_out_by_the_databases_clock()
    {
        Clock.Advance(TimeSpan.FromDays(1000));

        var lease = (await Store.TryTakeRolloutLeaseAsync("docs-r1", "a", TimeSpan.FromHours(1), Cancellation))!;

        lease.Until.ShouldBe(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1), TimeSpan.FromMinutes(10));
    }

    private static async Task<string> FailAsync(string connection)
    {
        var message = (await Should.ThrowAsync<StateException>(() => OpenAsync(StateDatabase.Postgres(connection), TimeProvider.System))).Message;
        message.ShouldNotContain(Password);
        return message;
    }

    private string With(string key, string value) => new Npgsql.NpgsqlConnectionStringBuilder(Database.SharedConnection) { [key] = value, Password = Password }.ConnectionString;
}
