using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DriftGuard.Cli.Tests.Commands.Drift;

namespace DriftGuard.Cli.Tests.Commands;

/// <summary>The thresholds that the host of <c>serve</c> tells, over HTTP.</summary>
public sealed class ThresholdApiTests
{
    private const string Thresholds = "/api/v1/indexes/docs/thresholds";

    [Fact]
    public async Task The_thresholds_of_the_serving_model_are_told_as_the_command_tells_them() => await AskAsync(async (client, index) =>
    {
        var shown = (await index.RunAsync("calibration", "thresholds", "docs", "--show", "--output", "json")).Json;

        var told = await client.GetFromJsonAsync<JsonElement>(Thresholds);

        JsonElement.DeepEquals(told, shown).ShouldBeTrue(told.GetRawText());
        told.GetProperty("model").GetString().ShouldBe(CheckedIndex.Model);
        told.GetProperty("serving").GetBoolean().ShouldBeTrue();
        var threshold = told.GetProperty("thresholds").EnumerateArray().ShouldHaveSingleItem();
        (threshold.GetProperty("name").GetString(), threshold.GetProperty("value").GetDouble(), threshold.GetProperty("accept").GetString()).ShouldBe(("faq", .8, "at_or_above"));
        (threshold.GetProperty("method").GetString(), threshold.GetProperty("provisional").GetBoolean()).ShouldBe(("stated", false));
    });

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again() => await AskAsync(async (client, index) =>
    {
        var first = await client.GetAsync(new Uri(Thresholds, UriKind.Relative));
        first.Headers.ETag.ShouldNotBeNull();
        client.DefaultRequestHeaders.IfNoneMatch.Add(first.Headers.ETag);

        var again = await client.GetAsync(new Uri(Thresholds, UriKind.Relative));
        (again.StatusCode, (await again.Content.ReadAsByteArrayAsync()).Length).ShouldBe((HttpStatusCode.NotModified, 0));

        (await index.RunAsync("calibration", "thresholds", "docs", "--set", "0.7", "--name", "faq")).Error.ShouldBeEmpty();
        (await client.GetAsync(new Uri(Thresholds, UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
    });

    [Fact]
    public async Task Another_model_is_asked_for_by_its_fingerprint() => await AskAsync(async (client, _) =>
    {
        var told = await client.GetFromJsonAsync<JsonElement>($"{Thresholds}?fingerprint={new string('a', 64)}");

        told.GetProperty("fingerprint").GetString().ShouldBe(new string('a', 64));
        told.GetProperty("serving").GetBoolean().ShouldBeFalse();
        told.GetProperty("thresholds").GetArrayLength().ShouldBe(0);
    });

    [Theory]
    [InlineData("/api/v1/indexes/nope/thresholds", HttpStatusCode.NotFound, "there is no index 'nope'; known: docs")]
    [InlineData(Thresholds + "?fingerprint=99dd", HttpStatusCode.BadRequest, "fingerprint is '99dd': expected one of 64 lower-case hex digits")]
    public async Task What_cannot_be_told_is_a_problem_with_its_details(string route, HttpStatusCode status, string detail) => await AskAsync(async (client, _) =>
    {
        var answer = await client.GetAsync(new Uri(route, UriKind.Relative));

        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("detail").GetString().ShouldNotBeNull().ShouldStartWith(detail);
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
    });

    private static async Task AskAsync(Func<HttpClient, CheckedIndex, Task> ask)
    {
        using var index = await CheckedIndex.CopyAsync();
        (await index.RunAsync("calibration", "thresholds", "docs", "--set", "0.8", "--name", "faq")).Error.ShouldBeEmpty();
        await ServedInstallation.AskAsync(Path.Join(index.Folder, "data"), new(), (client, _) => ask(client, index), default);
    }
}
