using DriftGuard.Core.Access;
using DriftGuard.State;
using DriftGuard.Worker.Security;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DriftGuard.Worker.Tests.Security;

public sealed class KeyRingTests : IAsyncLifetime
{
    private const string Unknown = "dg_000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private readonly string folder = Directory.CreateTempSubdirectory("driftguard-keys-").FullName;
    private readonly FakeTimeProvider time = new(new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero));
    private StateStore state = null!;
    private KeyService keys = null!;
    private KeyRing ring = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        state = await StateStore.OpenAsync(Path.Join(folder, "state.db"), time, Cancellation);
        keys = new(state, time);
        ring = new(state, keys, time, NullLogger<KeyRing>.Instance);
    }

    public ValueTask DisposeAsync()
    {
        ring.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_key_opens_and_nothing_like_it_does()
    {
        var made = await CreateAsync("shop");
        var text = made.Text;

        (await FindAsync(text)).ShouldNotBeNull().Name.ShouldBe("shop");
        string[] others =
        [
            "", "dg_", text[..^1], text + "A", text.ToUpperInvariant(), text.Replace(made.Key.Id, "000000000000", StringComparison.Ordinal),
            text[..^1] + (text[^1] == 'A' ? 'B' : 'A'), $"dg_{made.Key.Id}_{new string('A', 43)}", $" {text}", new string('x', 100_000),
        ];
        foreach (var other in others)
        {
            (await FindAsync(other)).ShouldBeNull(other.Length > 100 ? "a long text" : other);
        }
    }

    [Fact]
    public async Task What_this_process_changes_holds_at_once()
    {
        (await FindAsync(Unknown)).ShouldBeNull("reads the keys");
        var made = await CreateAsync("shop");
        (await FindAsync(made.Text)).ShouldNotBeNull();

        await keys.RevokeAsync("shop", Cancellation);
        (await FindAsync(made.Text)).ShouldBeNull();
    }

    [Fact]
    public async Task What_another_process_changes_holds_seconds_later()
    {
        var elsewhere = new KeyService(state, time);
        (await FindAsync(Unknown)).ShouldBeNull("reads the keys");
        var made = await elsewhere.CreateAsync("shop", new(ManagementRole.Viewer, [], []), null, "test", Cancellation);
        (await FindAsync(made.Text)).ShouldBeNull("keys are not read for every guess");
        time.Advance(TimeSpan.FromSeconds(1));
        (await FindAsync(made.Text)).ShouldNotBeNull();

        await elsewhere.RevokeAsync("shop", Cancellation);
        time.Advance(TimeSpan.FromSeconds(5));
        await ring.ReadAsync(Cancellation);
        (await FindAsync(made.Text)).ShouldBeNull();
    }

    [Fact]
    public async Task Both_secrets_of_a_rotated_key_open_until_the_grace_is_over()
    {
        var before = await CreateAsync("shop");
        var after = await keys.RotateAsync("shop", TimeSpan.FromHours(1), Cancellation);

        (await FindAsync(before.Text)).ShouldNotBeNull();
        (await FindAsync(after.Text)).ShouldNotBeNull();
        time.Advance(TimeSpan.FromHours(1));
        (await FindAsync(before.Text)).ShouldBeNull();
        (await FindAsync(after.Text)).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_expired_key_opens_nothing()
    {
        var made = await CreateAsync("shop", TimeSpan.FromDays(1));

        (await FindAsync(made.Text)).ShouldNotBeNull();
        time.Advance(TimeSpan.FromDays(1));
        (await FindAsync(made.Text)).ShouldBeNull();
    }

    [Fact]
    public async Task Uses_are_written_to_the_minute_and_once()
    {
        var made = await CreateAsync("shop");
        time.Advance(TimeSpan.FromSeconds(70));
        await ring.FindAsync(made.Text, "10.0.0.1", Cancellation);

        await ring.WriteUsesAsync(Cancellation);

        var key = (await keys.ListAsync(Cancellation)).Single();
        (key.LastUsedAt, key.LastUsedFrom).ShouldBe((new DateTimeOffset(2026, 3, 10, 12, 1, 0, TimeSpan.Zero), "10.0.0.1"));
    }

    [Fact]
    public async Task While_the_state_cannot_be_read_the_keys_that_were_known_open()
    {
        var made = await CreateAsync("shop");
        (await FindAsync(made.Text)).ShouldNotBeNull();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        File.Delete(Path.Join(folder, "state.db"));
        Directory.CreateDirectory(Path.Join(folder, "state.db"));
        time.Advance(TimeSpan.FromMinutes(1));

        (await FindAsync(made.Text)).ShouldNotBeNull();
        await Should.ThrowAsync<StateException>(() => ring.ReadAsync(Cancellation));
    }

    [Theory]
    [InlineData("", ManagementRole.Viewer, "a key needs a name")]
    [InlineData("a\nb", ManagementRole.Viewer, "a key needs a name")]
    [InlineData("shop", ManagementRole.None, "would open nothing")]
    public async Task A_key_that_makes_no_sense_is_refused(string name, ManagementRole role, string message) =>
        (await Should.ThrowAsync<OperatorException>(() => keys.CreateAsync(name, new(role, [], []), null, "test", Cancellation))).Message.ShouldContain(message);

    [Fact]
    public async Task No_secret_is_in_the_state()
    {
        var made = await CreateAsync("shop");
        var rotated = await keys.RotateAsync("shop", TimeSpan.FromHours(1), Cancellation);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();

        var kept = string.Concat(Directory.GetFiles(folder).Select(file => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file))));
        kept.ShouldContain(made.Key.Id);
        foreach (var secret in new[] { made.Text, rotated.Text }.Select(text => text.Split('_', 3)[2]))
        {
            kept.Contains(secret, StringComparison.Ordinal).ShouldBeFalse();
        }
    }

    private Task<NewKey> CreateAsync(string name, TimeSpan? lifetime = null) =>
        keys.CreateAsync(name, new(ManagementRole.Viewer, [], []), lifetime, "test", Cancellation);

    private async Task<ApiKey?> FindAsync(string presented) => await ring.FindAsync(presented, null, Cancellation);
}
