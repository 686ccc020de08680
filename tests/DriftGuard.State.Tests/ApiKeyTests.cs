using DriftGuard.Core.Access;

namespace DriftGuard.State.Tests;

public sealed class ApiKeyOnSqliteTests() : ApiKeyTests(StateKind.Sqlite);

public sealed class ApiKeyOnPostgresTests() : ApiKeyTests(StateKind.Postgres);

public abstract class ApiKeyTests(StateKind kind) : StateFolder(kind)
{
    private static readonly byte[] First = [1], Second = [2], Third = [3];

    [Fact]
    public async Task A_key_is_read_by_another_process_with_what_its_holder_may()
    {
        var key = await AddAsync("a1", "shop", First);

        var (read, digests) = (await (await OpenAsync()).KeysInForceAsync(Cancellation)).ShouldHaveSingleItem();

        (read with { Grants = key.Grants }).ShouldBe(key);
        (read.Grants.Role, read.Grants.Read.Single(), read.Grants.Write.Count).ShouldBe((ManagementRole.Operator, "docs", 0));
        Said(digests).ShouldBe(("01", null, null));
    }

    [Fact]
    public async Task A_name_belongs_to_one_key_until_that_is_revoked()
    {
        await AddAsync("a1", "shop", First);

        (await Should.ThrowAsync<StateConflictException>(() => AddAsync("a2", "shop", Second))).Message.ShouldContain("'shop'");

        (await Store.RevokeApiKeyAsync("shop", Cancellation))!.RevokedAt.ShouldBe(Noon);
        (await Store.RevokeApiKeyAsync("a1", Cancellation)).ShouldBeNull("it is revoked already");
        await AddAsync("a2", "shop", Second);
        (await Store.KeysInForceAsync(Cancellation)).Select(k => k.Key.Id).ShouldBe(["a2"]);
        (await Store.ApiKeysAsync(Cancellation)).Select(k => k.Id).ShouldBe(["a1", "a2"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_rotated_key_is_known_by_both_secrets_for_as_long_as_was_said()
    {
        await AddAsync("a1", "shop", First);

        (await Store.RotateApiKeyAsync("shop", Second, Noon.AddHours(1), Cancellation))!.RotatedAt.ShouldBe(Noon);
        var (_, both) = (await Store.KeysInForceAsync(Cancellation)).Single();
        Said(both).ShouldBe(("02", "01", Noon.AddHours(1)));

        // Of a secret that leaked nothing is left.
        await Store.RotateApiKeyAsync("a1", Third, Noon, Cancellation);
        var (_, one) = (await Store.KeysInForceAsync(Cancellation)).Single();
        Said(one).ShouldBe(("03", null, null));
        (await Store.RotateApiKeyAsync("nobody", Third, Noon, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Keys_are_listed_by_their_last_use()
    {
        await AddAsync("a1", "shop", First);
        await AddAsync("a2", "search", Second);
        await AddAsync("a3", "unused", Third);

        await Store.SaveKeyUsesAsync(new Dictionary<string, (DateTimeOffset, string?)> { ["a1"] = (Noon, "10.0.0.1"), ["a2"] = (Noon.AddMinutes(5), "10.0.0.2"), ["gone"] = (Noon, null) }, Cancellation);
        // Of two processes that write, the later use stays, whichever writes last.
        await Store.SaveKeyUsesAsync(new Dictionary<string, (DateTimeOffset, string?)> { ["a2"] = (Noon.AddMinutes(-5), "10.0.0.9") }, Cancellation);

        (await Store.ApiKeysAsync(Cancellation)).Select(k => (k.Id, k.LastUsedAt, k.LastUsedFrom))
            .ShouldBe([("a2", Noon.AddMinutes(5), "10.0.0.2"), ("a1", Noon, "10.0.0.1"), ("a3", null, null)]);
    }

    [Fact]
    public async Task What_happens_to_keys_is_in_the_audit_log_with_who_from_where_and_why()
    {
        using (StateStore.ActingAs(new("ann", "10.0.0.7", "the shop goes live")))
        {
            await AddAsync("a1", "shop", First);
        }

        using (StateStore.ActingAs(new("bob", null, "  ")))
        {
            await Store.RevokeApiKeyAsync("shop", Cancellation);
        }

        await AddAsync("a2", "shop", Second);

        (await Store.FindAuditAsync(new AuditQuery(), Cancellation)).Select(e => (e.Index, e.Event, e.By, e.From, e.Why)).ShouldBe(
        [
            (null, "api_key_created", null, null, null),
            (null, "api_key_revoked", "bob", null, null),
            (null, "api_key_created", "ann", "10.0.0.7", "the shop goes live"),
        ]);
    }

    [Fact]
    public async Task The_audit_log_is_read_page_by_page_backwards()
    {
        for (var i = 0; i < 5; i++)
        {
            await Store.AddAuditAsync(i % 2 == 0 ? "docs" : "faq", $"event_{i}", "requested", new string('x', 10), Cancellation);
            Clock.Advance(TimeSpan.FromHours(1));
        }

        var newest = await Store.FindAuditAsync(new AuditQuery(Limit: 2), Cancellation);
        var next = await Store.FindAuditAsync(new AuditQuery(Before: newest[^1].Sequence, Limit: 2), Cancellation);

        newest.Concat(next).Select(e => e.Event).ShouldBe(["event_4", "event_3", "event_2", "event_1"]);
        (await Store.FindAuditAsync(new AuditQuery("faq"), Cancellation)).Select(e => e.Event).ShouldBe(["event_3", "event_1"]);
        (await Store.FindAuditAsync(new AuditQuery(Since: Noon.AddHours(3)), Cancellation)).Select(e => e.Event).ShouldBe(["event_4", "event_3"]);
        (await Store.FindAuditAsync(new AuditQuery(RolloutId: "docs-r1"), Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_somebody_says_of_themselves_is_cut_to_a_size()
    {
        using (StateStore.ActingAs(new(new string('n', 5000), new string('f', 5000), new string('w', 5000))))
        {
            await Store.AddAuditAsync("docs", "tested", "requested", "", Cancellation);
        }

        var entry = (await Store.FindAuditAsync(new AuditQuery(), Cancellation)).Single();
        (entry.By!.Length, entry.From!.Length, entry.Why!.Length).ShouldBe((Actor.Longest, Actor.Longest, Actor.Longest));
        StateStore.Actor.ShouldBeNull();
    }

    private static (string, string?, DateTimeOffset?) Said(KeyDigests digests) =>
        (Convert.ToHexString(digests.Current), digests.Previous is null ? null : Convert.ToHexString(digests.Previous), digests.PreviousUntil);

    private async Task<ApiKey> AddAsync(string id, string name, byte[] digest)
    {
        var key = new ApiKey(id, name, new(ManagementRole.Operator, ["docs"], []), Clock.GetUtcNow(), "test", Noon.AddDays(90));
        await Store.AddApiKeyAsync(key, digest, Cancellation);
        return key;
    }
}
