using DriftGuard.Worker.Configuration;

namespace DriftGuard.Worker.Tests.Configuration;

public sealed class TelemetryOptionsTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_file_there_is_a_page_for_Prometheus_and_nothing_is_sent()
    {
        var telemetry = _folder.Load("").Telemetry;

        (telemetry.Prometheus, telemetry.Sampling, telemetry.IndexLabels).ShouldBe((true, .05, 50));
        (telemetry.Otlp.Endpoint, telemetry.Otlp.Protocol, telemetry.Otlp.ReadHeaders()).ShouldBe((null, OtlpProtocol.Grpc, null));
    }

    [Fact]
    public void Every_key_is_read_and_the_headers_from_their_file()
    {
        File.WriteAllText(Path.Join(_folder.Path, "headers"), "authorization=Bearer x\n");

        var telemetry = _folder.Load("""
            telemetry:
              prometheus: false
              sampling: 0.5
              indexLabels: 7
              otlp: { endpoint: "https://collector.example/otlp", protocol: http, headersFile: headers }
            """).Telemetry;

        (telemetry.Prometheus, telemetry.Sampling, telemetry.IndexLabels).ShouldBe((false, .5, 7));
        (telemetry.Otlp.Endpoint, telemetry.Otlp.Protocol, telemetry.Otlp.ReadHeaders()).ShouldBe(("https://collector.example/otlp", OtlpProtocol.Http, "authorization=Bearer x"));
    }

    [Theory]
    [InlineData("telemetry:\n  sampling: 2", "2:3: telemetry.sampling: must be between 0 and 1, found 2")]
    [InlineData("telemetry:\n  indexLabels: 0", "2:3: telemetry.indexLabels: must be between 1 and 1000, found 0")]
    [InlineData("telemetry:\n  otlp: { endpoint: \"collector:4317\" }", "2:11: telemetry.otlp.endpoint: expected an address such as http://collector:4317, found 'collector:4317'")]
    [InlineData("telemetry:\n  otlp: { protocol: htttp }", "2:11: telemetry.otlp.protocol: expected one of grpc, http, found 'htttp'; did you mean 'http'?")]
    [InlineData("telemetry:\n  otlp: { endpoint: \"http://c\", headers: secret }", "2:33: telemetry.otlp.headers: expected headers such as authorization=Bearer ..., with commas between several")]
    public void A_mistake_is_told_with_its_place_and_what_was_expected(string yaml, string problem) =>
        _folder.Problems(yaml).ShouldBe([$"driftguard.yaml:{problem}"]);

    [Fact]
    public void Headers_are_given_once_in_a_file_that_can_be_read()
    {
        _folder.Problems("telemetry:\n  otlp: { headersFile: nowhere }").ShouldHaveSingleItem().ShouldContain("telemetry.otlp.headersFile: the file with the headers cannot be read: ");
        File.WriteAllText(Path.Join(_folder.Path, "headers"), "a=b");
        _folder.Problems("telemetry:\n  otlp: { headers: a=b, headersFile: headers }").ShouldHaveSingleItem().ShouldEndWith("telemetry.otlp.headersFile: set either headers or headersFile, not both");
    }
}
