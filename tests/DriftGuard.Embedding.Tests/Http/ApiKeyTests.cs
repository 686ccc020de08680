using DriftGuard.Core.Embedding;

namespace DriftGuard.Embedding.Tests.Http;

/// <summary>Keys go where they belong, are read again when they were rotated, and are shown nowhere.</summary>
public sealed class ApiKeyTests
{
    // With characters that JSON, HTML and addresses write otherwise.
    private const string Key = "sk-Planted/Key+1&2<3>\"'";
    private const string Header = "gateway-secret-header";

    [Theory]
    [InlineData("", "Authorization", "Bearer " + Key)]
    [InlineData("\napi_key_header: api-key", "api-key", Key)]
    [InlineData("\napi_key_header: authorization", "Authorization", "Bearer " + Key)]
    public async Task A_key_goes_into_its_header(string endpoint, string header, string value)
    {
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = new HttpModelFolder().Write(server.Url, endpoint: $"api_key_file: key.txt\nheaders: {{ x-team: search }}{endpoint}");
        await File.WriteAllTextAsync(Path.Combine(folder.Directory, "key.txt"), $"{Key}\n");
        using var model = folder.Open();

        await model.EmbedAsync(["one"], InputKind.Document);

        var asked = server.Asked.ShouldHaveSingleItem();
        asked.Headers[header].ShouldBe(value);
        asked.Headers["x-team"].ShouldBe("search");
    }

    [Fact]
    public async Task A_key_that_was_rotated_is_read_again_and_nothing_is_lost()
    {
        await using var server = await MisbehavingServer.StartAsync();
        var valid = "Bearer first-key";
        server.Judge = asked => asked.Headers["Authorization"] == valid ? null : Faults.Status(401, """{"error":{"message":"Incorrect API key provided"}}""");
        using var folder = new HttpModelFolder().Write(server.Url, endpoint: "api_key_file: key.txt");
        var file = Path.Combine(folder.Directory, "key.txt");
        await File.WriteAllTextAsync(file, "first-key");
        using var model = folder.Open();
        await model.EmbedAsync(["one"], InputKind.Document);

        valid = "Bearer second-key";
        var refused = await Should.ThrowAsync<EmbeddingProviderException>(async () => await model.EmbedAsync(["one"], InputKind.Document));
        await File.WriteAllTextAsync(file, "second-key");
        var outcomes = await model.EmbedAsync(["one", "two"], InputKind.Document);

        refused.Message.ShouldContain($"status 401, Incorrect API key provided. The API key comes from the file {file}; put a valid one there.");
        outcomes.ShouldAllBe(o => o.IsEmbedded);
        folder.Logs.Entries.ShouldContain(e => e.Message.Contains("refused the API key") && e.Message.Contains(file));
    }

    [Fact]
    public async Task A_key_comes_from_the_environment_too()
    {
        Environment.SetEnvironmentVariable("DRIFTGUARD_TEST_KEY", Key);
        await using var server = await MisbehavingServer.StartAsync();
        using var folder = new HttpModelFolder().Write(server.Url, endpoint: "api_key_env: DRIFTGUARD_TEST_KEY");
        using var model = folder.Open();

        await model.EmbedAsync(["one"], InputKind.Document);

        server.Asked.ShouldHaveSingleItem().Headers["Authorization"].ShouldBe($"Bearer {Key}");
    }

    [Theory]
    [InlineData("api_key_file: none.txt", "the API key cannot be read: ")]
    [InlineData("api_key_file: key.txt", "there is no API key in the file ")]
    [InlineData("api_key_env: DRIFTGUARD_NO_SUCH_KEY", "there is no API key in the environment variable DRIFTGUARD_NO_SUCH_KEY")]
    public void A_key_that_is_not_there_is_said_when_the_model_is_opened(string endpoint, string message)
    {
        using var folder = new HttpModelFolder().Write("http://localhost:1", endpoint: endpoint);
        File.WriteAllText(Path.Combine(folder.Directory, "key.txt"), " \n");

        Should.Throw<ModelException>(() => folder.Open()).Problems.ShouldHaveSingleItem().Message.ShouldStartWith(message);
    }

    [Fact]
    public void A_key_that_no_header_can_carry_is_refused_and_not_shown()
    {
        using var folder = new HttpModelFolder().Write("http://localhost:1", endpoint: "api_key_file: key.txt");
        File.WriteAllText(Path.Combine(folder.Directory, "key.txt"), "planted\nsecret");

        var exception = Should.Throw<ModelException>(() => folder.Open());

        exception.Message.ShouldContain("blanks or characters that no header can carry");
        exception.ToString().ShouldNotContain("planted");
    }

    public static TheoryData<string> Echoes() =>
    [
        "plain", "json", "json escaped", "html", "in the middle of a long body", "header in a message", "redirect", "success that is none", "connection gone", "address",
    ];

    [Theory]
    [MemberData(nameof(Echoes))]
    public async Task No_secret_is_in_any_log_or_exception_whatever_the_server_sends_back(string echo)
    {
        await using var server = await MisbehavingServer.StartAsync();
        server.Judge = _ => Echo(echo);
        using var folder = new HttpModelFolder().Write(
            server.Url, endpoint: $"api_key_file: key.txt\nheaders: {{ x-gateway: {Header} }}\nquery: {{ code: hidden-query-code }}\nretries: 2");
        await File.WriteAllTextAsync(Path.Combine(folder.Directory, "key.txt"), Key);
        using var model = folder.Open();

        var exception = await Should.ThrowAsync<EmbeddingProviderException>(async () => await model.EmbedAsync(["one", "two"], InputKind.Document));

        var shown = string.Join('\n', folder.Logs.Entries.Select(e => e.Message).Append(exception.ToString()).Append(model.Description));
        foreach (var secret in new[] { Key, "Planted", Header, "hidden-query-code", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Key)) })
            shown.ShouldNotContain(secret, Case.Insensitive);
        shown.ShouldContain(server.Url);
    }

    [Fact]
    public void Settings_do_not_show_secrets()
    {
        var settings = new Embedding.Http.EndpointSettings
        {
            Url = new("https://example.org/v1"),
            TextsPerRequest = 1,
            Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = Header },
            Query = new Dictionary<string, string>(StringComparer.Ordinal) { ["b"] = "hidden-query-code" },
        };

        settings.ToString().ShouldBe("https://example.org/v1");
        new Embedding.Http.Secrets(settings).ToString().ShouldBe("[secret]");
    }

    private static Fault Echo(string echo) => echo switch
    {
        "plain" => Faults.Status(401, $"bad key {Key}", "text/plain"),
        "json" => Faults.Status(401, System.Text.Json.JsonSerializer.Serialize(new { error = new { message = $"Incorrect API key provided: {Key}" } })),
        "json escaped" => Faults.Status(500, $$"""{"unknown":"{{System.Text.Json.JsonEncodedText.Encode(Key)}}"}"""),
        "html" => Faults.Status(500, $"<b>{System.Net.WebUtility.HtmlEncode(Key)}</b>", "text/html"),
        "in the middle of a long body" => Faults.Status(400, new string('x', 290) + Key + new string('y', 500), "text/plain"),
        "header in a message" => Faults.Status(403, $$"""{"message":"{{Header}} and {{Key.ToUpperInvariant().Replace("\"", "\\\"")}} may not"}"""),
        "redirect" => Faults.Redirect($"/login/{Uri.EscapeDataString(Key)}?key={Uri.EscapeDataString(Key)}"),
        "success that is none" => Faults.Answer(_ => $"you sent {Key}", "text/plain"),
        "address" => Faults.Answer(a => $"cannot {a.Method} {a.Target}", "text/plain"),
        _ => Faults.Gone,
    };
}
