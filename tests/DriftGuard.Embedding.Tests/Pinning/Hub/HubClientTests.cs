using DriftGuard.Embedding.Pinning;
using DriftGuard.Embedding.Pinning.Hub;
using DriftGuard.Testing.Hub;
using static DriftGuard.Embedding.Tests.Pinning.Hub.HubWorld;

namespace DriftGuard.Embedding.Tests.Pinning.Hub;

public sealed class HubClientTests
{
    [Fact]
    public async Task A_branch_is_resolved_to_its_commit_and_a_commit_is_taken_at_its_word()
    {
        await using var world = await StartAsync();
        using var client = world.Client();

        (await client.CommitAsync(Repository, "main", default)).ShouldBe(Commit);
        (await client.CommitAsync(Repository, Commit, default)).ShouldBe(Commit);

        world.Hub.Calls.ShouldHaveSingleItem().Path.ShouldBe($"/api/models/{Repository}/revision/main");
    }

    [Fact]
    public async Task A_large_file_is_described_by_the_redirect_to_it_and_a_small_one_by_itself()
    {
        await using var world = await StartAsync();
        using var client = world.Client();

        var large = await client.FileAsync(Repository, Commit, Graph, default);
        var small = await client.FileAsync(Repository, Commit, Vocabulary, default);

        large.Bytes.ShouldBe(GraphBytes.Length);
        large.Digest.ShouldBe(new BlobDigest(BlobAlgorithm.Sha256, TinyModel.Digest(GraphBytes)));
        small.Bytes.ShouldBe(VocabularyBytes.Length);
        small.Digest!.Algorithm.ShouldBe(BlobAlgorithm.Git);
        world.Hub.Calls.ShouldAllBe(call => !call.ToLargeFiles);
    }

    [Theory]
    [InlineData(Graph)]
    [InlineData(Vocabulary)]
    public async Task A_file_comes_whole_and_under_both_of_its_names(string path)
    {
        await using var world = await StartAsync();

        var names = await world.DownloadAsync(path);

        var bytes = await File.ReadAllBytesAsync(world.Part);
        bytes.ShouldBe(path == Graph ? GraphBytes : VocabularyBytes);
        names.Sha256.ShouldBe(TinyModel.Digest(bytes));
        names.Git.ShouldBe(new FakeHubFile(bytes, false, "").GitId);
        Directory.GetFiles(world.Folder).ShouldBe([world.Part]);
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_not_to_where_it_redirects()
    {
        await using var world = await StartAsync();
        world.Hub.Token = "hf_secret";

        await world.DownloadAsync(token: "hf_secret");

        var (elsewhere, hub) = (world.Hub.Calls.Where(call => call.ToLargeFiles).ToList(), world.Hub.Calls.Where(call => !call.ToLargeFiles).ToList());
        hub.ShouldAllBe(call => call.Authorization == "Bearer hf_secret");
        elsewhere.ShouldHaveSingleItem().Authorization.ShouldBeNull();
    }

    public static TheoryData<int, string, bool, PinningFailure, string> Refusals() => new()
    {
        { 401, "", false, PinningFailure.NotFound, "there is no such repository, or it is private" },
        { 401, "", true, PinningFailure.Refused, "refuses the token" },
        { 401, "GatedRepo", false, PinningFailure.Refused, "its terms have to be accepted at http" },
        { 403, "GatedRepo", true, PinningFailure.Refused, "the token may not read it. Accept the terms at http" },
        { 404, "EntryNotFound", false, PinningFailure.NotFound, $"has no file {Repository}/{Graph} at 01234567 (404)" },
        { 404, "RevisionNotFound", false, PinningFailure.NotFound, "has no such revision" },
        { 404, "RepoNotFound", false, PinningFailure.NotFound, "(404)" },
        { 418, "", false, PinningFailure.Unavailable, "answered 418" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refusal_says_what_it_means_and_what_to_do_and_is_not_repeated(int status, string code, bool withToken, PinningFailure failure, string message)
    {
        await using var world = await StartAsync();
        world.Hub.On(_ => true, int.MaxValue, HubFaults.Status(status, ("X-Error-Code", code)));

        var error = await Should.ThrowAsync<PinningException>(() => world.DownloadAsync(token: withToken ? "hf_secret" : null));

        error.Failure.ShouldBe(failure);
        error.Message.ShouldContain(message);
        error.ToString().ShouldNotContain("hf_secret");
        world.Hub.Calls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_refusal_of_the_server_of_the_files_is_not_laid_on_the_token(int status)
    {
        await using var world = await StartAsync();
        world.Hub.Token = "hf_secret";
        world.OnBody(HubFaults.Status(status), times: int.MaxValue);

        var error = await Should.ThrowAsync<PinningException>(() => world.DownloadAsync(token: "hf_secret"));

        error.Failure.ShouldBe(PinningFailure.Refused);
        error.Message.ShouldMatch($"the file server at [^ ]+:[0-9]+, to which {world.Hub.Address.Authority} redirects, refused .*{status}");
        error.Message.ShouldNotContain("HF_TOKEN");
    }

    [Fact]
    public async Task A_commit_that_is_not_the_one_that_was_asked_for_is_refused()
    {
        await using var world = await StartAsync();
        world.Hub.On(_ => true, 1, HubFaults.Status(200, ("X-Repo-Commit", "ffff"), ("X-Linked-Size", "1"), ("ETag", "\"x\"")));

        (await Should.ThrowAsync<PinningException>(() => world.DownloadAsync())).Message.ShouldContain($"expected {Commit}, found ffff");
    }

    [Fact]
    public async Task What_does_not_speak_like_a_hub_is_no_hub()
    {
        await using var world = await StartAsync();
        world.Hub.On(_ => true, int.MaxValue, HubFaults.Whole("<html>Please log in</html>"u8.ToArray(), "text/html"));
        using var client = world.Client();

        (await Should.ThrowAsync<PinningException>(() => client.CommitAsync(Repository, "main", default))).Message.ShouldContain("does not answer like a hub: expected JSON");
        (await Should.ThrowAsync<PinningException>(() => world.DownloadAsync())).Message.ShouldContain("does not answer like a hub: expected X-Repo-Commit");
    }

    [Fact]
    public async Task A_redirect_to_what_is_no_web_server_is_refused()
    {
        await using var world = await StartAsync();
        world.Hub.On(_ => true, 1, HubFaults.Status(302, ("Location", "ftp://files.example/model.onnx")));

        (await Should.ThrowAsync<PinningException>(() => world.DownloadAsync())).Message.ShouldContain("redirects tests/static-wordpiece/onnx/model.onnx at 01234567 to ftp://files.example");
    }

    [Theory]
    [InlineData("http://hub.example", "hf_secret", "is not sent to http://hub.example/ in the clear")]
    [InlineData("https://hub.example", "hf secret", "is malformed")]
    [InlineData("https://hub.example", "", "is malformed")]
    [InlineData("https://hub.example", "hf_\u00fc", "is malformed")]
    public void A_token_that_must_not_leave_is_refused_without_being_shown(string hub, string token, string message)
    {
        var error = Should.Throw<PinningException>(() => new HubClient(new() { Address = new(hub), Token = token }, TimeProvider.System));

        error.Message.ShouldContain(message);
        error.Message.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("\"4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945\"", BlobAlgorithm.Sha256)]
    [InlineData("W/\"d670460b4b4aece5915caf5c68d12f560a9fe3e4\"", BlobAlgorithm.Git)]
    public void A_tag_is_read_as_the_digest_that_it_is(string tag, object algorithm) => BlobDigest.OfTag(tag)!.Algorithm.ShouldBe(algorithm);

    [Theory]
    [InlineData(null)]
    [InlineData("\"\"")]
    [InlineData("\"5d41402abc4b2a76b9719d911017c592-2\"")]
    public void A_tag_of_another_kind_is_no_digest(string? tag) => BlobDigest.OfTag(tag).ShouldBeNull();
}
