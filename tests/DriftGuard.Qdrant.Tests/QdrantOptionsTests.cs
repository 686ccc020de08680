namespace DriftGuard.Qdrant.Tests;

public class QdrantOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => new QdrantOptions().Validate().ShouldBeEmpty();

    [Fact]
    public void All_errors_are_told_at_once()
    {
        var options = new QdrantOptions
        {
            Address = new Uri("ftp://qdrant"),
            RestAddress = new Uri("ftp://rest"),
            ApiKey = "secret-7",
            ApiKeyFile = "/no/such/key",
            ReadTimeout = TimeSpan.Zero,
            RetryAttempts = -1,
        };
        options.Validate().Count.ShouldBe(6);
        var message = Should.Throw<ArgumentException>(() => new QdrantStore(options)).Message;
        foreach (var part in new[] { "ftp://qdrant", "ftp://rest", "keep one", "/no/such/key", "read timeout", "retry attempts" })
            message.ShouldContain(part);
        message.ShouldNotContain("secret-7");
    }

    [Fact]
    public void An_authority_file_without_TLS_is_refused() =>
        new QdrantOptions { CaCertificateFile = typeof(QdrantOptionsTests).Assembly.Location }.Validate().Single().ShouldContain("use https://");

    [Fact]
    public void A_password_in_the_address_is_refused_and_not_repeated()
    {
        var errors = new QdrantOptions { Address = new Uri("http://user:secret-7@qdrant:6334") }.Validate();
        errors.Single().ShouldContain("API key instead");
        errors.Single().ShouldNotContain("secret-7");
    }

    [Fact]
    public void Options_as_text_show_no_secret() =>
        new QdrantOptions { ApiKey = "secret-7" }.ToString().ShouldBe("http://localhost:6334/");
}
