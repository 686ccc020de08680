namespace DriftGuard.Qdrant;

/// <summary>How to reach one Qdrant: a server, a peer of a cluster, or the embedded one. Only the address differs.</summary>
public sealed class QdrantOptions
{
    private const int UsualGrpcPort = 6334;
    private const int UsualRestPort = 6333;

    /// <summary>The address of the gRPC port, 6334 unless moved: <c>http://host:6334</c>, or <c>https://</c> for TLS.</summary>
    public Uri Address { get; set; } = new("http://localhost:6334");

    /// <summary>
    /// The address of the REST port, which is asked for the peers of a cluster and for the files of snapshots: <c>http://host:6333</c>. Unless set, port 6333 of
    /// the same host where gRPC is on 6334; of other ports nothing is guessed, since the API key is sent there.
    /// </summary>
    public Uri? RestAddress { get; set; }

    /// <summary>The API key, sent with each call. Over <c>http</c> it travels readable: use it there only inside a trusted network.</summary>
    public string? ApiKey { get; set; }

    /// <summary>
    /// A file that holds the API key, such as a mounted secret, in place of <see cref="ApiKey"/>. When Qdrant refuses the key, the
    /// file is read again, so a rotated secret needs no restart.
    /// </summary>
    public string? ApiKeyFile { get; set; }

    /// <summary>
    /// A PEM file of the certificate authorities to trust for this address, in place of the system's; for a self-signed
    /// certificate, that certificate.
    /// </summary>
    public string? CaCertificateFile { get; set; }

    /// <summary>How long one attempt of a read may take: scroll, search, count, aliases, collection state. 30 seconds unless set.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long one attempt of a write to points may take, the wait for its completion included. 60 seconds unless set. It is also how
    /// long a write of a cancelled worker may still happen.
    /// </summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one attempt of a change to collections or aliases may take. 60 seconds unless set.</summary>
    public TimeSpan AdminTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long it may take to connect. 5 seconds unless set.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a call that is safe to repeat is repeated while Qdrant is unavailable or overloaded. 5 unless set; 0: never.</summary>
    public int RetryAttempts { get; set; } = 5;

    /// <summary>The first delay before a repeat; it doubles each time, with jitter, up to <see cref="RetryMaxDelay"/>. 200 ms unless set.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest delay before a repeat, whatever the server asks for. 10 seconds unless set.</summary>
    public TimeSpan RetryMaxDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What is wrong with these options, all of it; empty if nothing is.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        if (Address is not { IsAbsoluteUri: true } || (Address.Scheme != Uri.UriSchemeHttp && Address.Scheme != Uri.UriSchemeHttps))
            errors.Add($"address '{Address}' is no http:// or https:// address: expected the gRPC port, such as http://qdrant:6334");
        else if (Address.UserInfo.Length > 0)
            errors.Add("the address holds a user or password: Qdrant takes an API key instead");
        else if (CaCertificateFile is not null && Address.Scheme == Uri.UriSchemeHttp)
            errors.Add($"a CA certificate file is set but the address {Address} has no TLS: use https://, or remove the file");
        if (RestAddress is { } rest && (!rest.IsAbsoluteUri || (rest.Scheme != Uri.UriSchemeHttp && rest.Scheme != Uri.UriSchemeHttps)))
            errors.Add($"REST address '{rest}' is no http:// or https:// address: expected the REST port, such as http://qdrant:6333");
        if (ApiKey is not null && ApiKeyFile is not null)
            errors.Add("both an API key and an API key file are set: keep one");
        foreach (var (name, file) in new[] { ("API key", ApiKeyFile), ("CA certificate", CaCertificateFile) })
        {
            if (file is not null && !File.Exists(file))
                errors.Add($"the {name} file '{file}' does not exist");
        }
        foreach (var (name, value) in new[]
                 {
                     ("read timeout", ReadTimeout), ("write timeout", WriteTimeout), ("admin timeout", AdminTimeout),
                     ("connect timeout", ConnectTimeout), ("retry delay", RetryDelay), ("longest retry delay", RetryMaxDelay),
                 })
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromHours(1))
                errors.Add($"the {name} is {value}: expected more than zero and at most one hour");
        }
        if (RetryAttempts is < 0 or > 100)
            errors.Add($"retry attempts are {RetryAttempts}: expected 0 to 100");
        return errors;
    }

    /// <summary>The REST address that is set or usual; null where none is known.</summary>
    internal Uri? KnownRestAddress => RestAddress ?? (Address.Port == UsualGrpcPort ? new UriBuilder(Address) { Port = UsualRestPort }.Uri : null);

    /// <summary>The same for a question that is asked once, and not for long.</summary>
    /// <param name="patience">How long its answer may take.</param>
    /// <param name="address">The peer that is asked; null for the same address.</param>
    public QdrantOptions ForAQuestion(TimeSpan patience, Uri? address = null)
    {
        var options = (QdrantOptions)MemberwiseClone();
        (options.Address, options.ReadTimeout, options.RetryAttempts) = (address ?? Address, patience, 0);
        if (address is not null && KnownRestAddress is { } rest)
            options.RestAddress = new UriBuilder(rest) { Host = address.Host }.Uri;
        return options;
    }

    /// <summary>The address; no secret.</summary>
    public override string ToString() => Address.ToString();
}
