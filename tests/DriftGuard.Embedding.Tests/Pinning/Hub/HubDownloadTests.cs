using DriftGuard.Embedding.Pinning;
using DriftGuard.Testing.Hub;
using static DriftGuard.Embedding.Tests.Pinning.Hub.HubWorld;

namespace DriftGuard.Embedding.Tests.Pinning.Hub;

public sealed class HubDownloadTests
{
    private static readonly int Half = GraphBytes.Length / 2;

    [Fact]
    public async Task A_connection_that_is_cut_is_taken_up_again_where_it_was_cut()
    {
        await using var world = await StartAsync();
        world.OnBody(HubFaults.CutOffAt(.5));

        await world.DownloadAsync();

        (await File.ReadAllBytesAsync(world.Part)).ShouldBe(GraphBytes);
        var again = world.Bodies.Last();
        long.Parse(again.Range!["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(1, Half);
        again.IfRange.ShouldBe("\"multipart-1\"");
    }

    [Fact]
    public async Task A_line_that_is_cut_again_and_again_brings_the_file_as_long_as_it_brings_more()
    {
        await using var world = await StartAsync();
        world.OnBody(HubFaults.CutOffAt(.2), times: 20);

        await world.DownloadAsync();

        (await File.ReadAllBytesAsync(world.Part)).ShouldBe(GraphBytes);
    }

    [Fact]
    public async Task A_server_that_knows_no_ranges_gives_the_file_from_the_beginning()
    {
        await using var world = await StartAsync();
        await LeaveAsync(world, GraphBytes[..Half], "\"multipart-1\"");
        world.OnBody(HubFaults.Whole());

        await world.DownloadAsync();

        (await File.ReadAllBytesAsync(world.Part)).ShouldBe(GraphBytes);
        world.Bodies.ShouldHaveSingleItem().Range.ShouldBe($"bytes={Half}-");
    }

    [Fact]
    public async Task A_part_of_another_file_of_the_server_is_not_continued()
    {
        await using var world = await StartAsync();
        await LeaveAsync(world, new byte[Half], "\"multipart-0\"");

        await world.DownloadAsync();

        (await File.ReadAllBytesAsync(world.Part)).ShouldBe(GraphBytes);
        world.Bodies.ShouldHaveSingleItem().IfRange.ShouldBe("\"multipart-0\"");
    }

    [Fact]
    public async Task A_part_whose_bytes_did_not_survive_gets_one_clean_run()
    {
        await using var world = await StartAsync();
        await LeaveAsync(world, new byte[Half], "\"multipart-1\"");

        await world.DownloadAsync();

        (await File.ReadAllBytesAsync(world.Part)).ShouldBe(GraphBytes);
        world.Bodies.Select(call => call.Range).ShouldBe([$"bytes={Half}-", null]);
    }

    [Fact]
    public async Task A_part_that_is_longer_than_the_file_is_forgotten()
    {
        await using var world = await StartAsync();
        await LeaveAsync(world, [.. GraphBytes, 1], "\"multipart-1\"");

        await world.DownloadAsync();

        (await File.ReadAllBytesAsync(world.Part)).ShouldBe(GraphBytes);
    }

    [Fact]
    public async Task A_range_that_is_not_the_one_that_was_asked_for_is_not_taken()
    {
        await using var world = await StartAsync();
        await LeaveAsync(world, GraphBytes[..Half], "\"multipart-1\"");
        world.OnBody((context, file) =>
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes 0-9/{GraphBytes.Length}";
            return context.Response.Body.WriteAsync(GraphBytes.AsMemory(0, 10)).AsTask();
        });

        await world.DownloadAsync();

        (await File.ReadAllBytesAsync(world.Part)).ShouldBe(GraphBytes);
    }

    [Fact]
    public async Task Other_bytes_are_refused_with_both_digests_and_nothing_stays()
    {
        await using var world = await StartAsync();
        var others = (byte[])GraphBytes.Clone();
        others[^1] ^= 1;
        world.OnBody(HubFaults.Whole(others), times: 9);

        var error = await Should.ThrowAsync<PinningException>(() => world.DownloadAsync());

        error.Failure.ShouldBe(PinningFailure.Refused);
        error.Message.ShouldContain($"expected SHA-256 {TinyModel.Digest(GraphBytes)}, found SHA-256 {TinyModel.Digest(others)}");
        Directory.GetFiles(world.Folder).ShouldBeEmpty();
        world.Bodies.Count().ShouldBe(1);
    }

    [Theory]
    [InlineData(-1, true, "found")]
    [InlineData(1, true, "found")]
    [InlineData(1, false, "found at least")]
    public async Task Another_length_is_refused_with_both_and_nothing_stays(int difference, bool stateLength, string found)
    {
        await using var world = await StartAsync();
        var others = new byte[GraphBytes.Length + difference];
        world.OnBody(HubFaults.Whole(others, stateLength: stateLength), times: 9);

        var error = await Should.ThrowAsync<PinningException>(() => world.DownloadAsync());

        error.Failure.ShouldBe(PinningFailure.Refused);
        error.Message.ShouldContain($"expected {GraphBytes.Length:N0} bytes, {found} {others.Length:N0}");
        Directory.GetFiles(world.Folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_body_without_a_length_that_ends_too_early_is_continued()
    {
        await using var world = await StartAsync();
        world.OnBody(HubFaults.Whole(GraphBytes[..Half], stateLength: false));

        await world.DownloadAsync();

        (await File.ReadAllBytesAsync(world.Part)).ShouldBe(GraphBytes);
        world.Bodies.Last().Range.ShouldBe($"bytes={Half}-");
    }

    [Fact]
    public async Task A_page_instead_of_the_file_is_refused()
    {
        await using var world = await StartAsync();
        world.OnBody(HubFaults.Whole(new byte[GraphBytes.Length], "text/html"));

        (await Should.ThrowAsync<PinningException>(() => world.DownloadAsync())).Message.ShouldContain("answered with an HTML page instead of");
        Directory.GetFiles(world.Folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_instead_of_the_rest_leaves_what_came()
    {
        await using var world = await StartAsync();
        await LeaveAsync(world, GraphBytes[..Half], "\"multipart-1\"");
        world.OnBody(HubFaults.Whole("<html>Please log in</html>"u8.ToArray(), "text/html"));

        await Should.ThrowAsync<PinningException>(() => world.DownloadAsync());
        await world.DownloadAsync();

        (await File.ReadAllBytesAsync(world.Part)).ShouldBe(GraphBytes);
        world.Bodies.Select(call => call.Range).ShouldBe([$"bytes={Half}-", $"bytes={Half}-"]);
    }

    [Fact]
    public async Task A_body_that_stalls_is_given_up_after_the_limit_of_silence_and_continued()
    {
        await using var world = await StartAsync();
        world.OnBody(HubFaults.StallAt(.5, () => { }));

        // Told of the last byte that comes, the download has no read under way: its next one is the one that hears nothing.
        await world.DownloadAsync(progress: bytes =>
        {
            if (bytes == Half)
                world.Time.PassSilence();
        });

        (await File.ReadAllBytesAsync(world.Part)).ShouldBe(GraphBytes);
        world.Bodies.Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_hub_that_asks_to_wait_is_waited_for_as_long_as_it_asks()
    {
        await using var world = await StartAsync();
        world.OnBody(HubFaults.Status(429, ("Retry-After", "7")));
        world.OnBody(HubFaults.Status(503, ("Retry-After", "86400")));
        world.OnBody(HubFaults.Status(429, ("RateLimit", "\"resolvers\";r=0;t=55")));

        await world.DownloadAsync();

        world.Time.Waits.ShouldBe([TimeSpan.FromSeconds(7), world.Options().RetryMaxDelay, TimeSpan.FromSeconds(55)]);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT")]
    public async Task A_hub_that_names_no_wait_is_asked_again_after_the_own_one(string after)
    {
        await using var world = await StartAsync();
        world.OnBody(HubFaults.Status(429, ("Retry-After", after)), times: 2);

        await world.DownloadAsync();

        world.Time.Waits.Count.ShouldBe(2);
        world.Time.Waits.ShouldAllBe(wait => wait > TimeSpan.Zero);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_hub_that_cannot_answer_is_asked_again_with_growing_waits_and_not_for_ever(int status)
    {
        await using var world = await StartAsync();
        world.OnBody(HubFaults.Status(status), times: int.MaxValue);

        var error = await Should.ThrowAsync<PinningException>(() => world.DownloadAsync());

        error.Failure.ShouldBe(PinningFailure.Unavailable);
        error.Message.ShouldContain($"{status}");
        error.Message.ShouldContain("the same command goes on from there");
        error.ToString().ShouldNotContain("signature");
        world.Bodies.Count().ShouldBe(1 + world.Options().Retries);
        world.Time.Waits.Count.ShouldBe(world.Options().Retries);
    }

    [Fact]
    public async Task What_came_before_a_stop_is_kept_for_the_next_run()
    {
        await using var world = await StartAsync();
        using var stop = new CancellationTokenSource();
        world.OnBody(HubFaults.StallAt(.5, stop.Cancel));
        await Should.ThrowAsync<OperationCanceledException>(() => world.DownloadAsync(cancellation: stop.Token));

        await world.DownloadAsync();

        (await File.ReadAllBytesAsync(world.Part)).ShouldBe(GraphBytes);
    }

    [Fact]
    public async Task An_empty_file_is_a_file()
    {
        await using var world = await StartAsync();
        world.Hub.Add(Repository, Commit, "empty.txt", [], large: false);

        (await world.DownloadAsync("empty.txt")).Git.ShouldBe("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    }

    private static async Task LeaveAsync(HubWorld world, byte[] part, string tag)
    {
        await File.WriteAllBytesAsync(world.Part, part);
        await File.WriteAllTextAsync(world.Part + ".etag", tag);
    }
}
