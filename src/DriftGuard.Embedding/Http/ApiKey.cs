namespace DriftGuard.Embedding.Http;

/// <summary>The API key, and where it is read from again after a refusal, so that a rotated key works without a restart.</summary>
internal sealed class ApiKey
{
    private readonly EndpointSettings _settings;
    private readonly string? _file;
    private readonly Secrets _secrets;
    private readonly Lock _reading = new();
    private volatile string? _key;

    /// <exception cref="InvalidDataException">There is no key where the settings say.</exception>
    public ApiKey(EndpointSettings settings, string directory, Secrets secrets)
    {
        _settings = settings;
        _secrets = secrets;
        _file = settings.ApiKeyFile is null ? null : Path.Combine(directory, settings.ApiKeyFile);
        _key = Read();
    }

    /// <summary>The key as it is now; <see langword="null"/> where none is used.</summary>
    public string? Current => _key;

    /// <summary>Where the key comes from, for people.</summary>
    public string Source => _file is not null ? $"the file {_file}"
        : _settings.ApiKeyVariable is { } variable ? $"the environment variable {variable}" : "nowhere: neither api_key_file nor api_key_env is set";

    /// <summary>Puts the key into a request.</summary>
    public static void Apply(HttpRequestMessage request, string? key, EndpointSettings settings)
    {
        if (key is null)
            return;
        var isBearer = settings.ApiKeyHeader.Equals(EndpointSettings.BearerHeader, StringComparison.OrdinalIgnoreCase);
        request.Headers.TryAddWithoutValidation(settings.ApiKeyHeader, isBearer ? $"Bearer {key}" : key);
    }

    /// <summary>Reads the key again; whether that gave another one than was refused.</summary>
    public bool Reload(string? refused)
    {
        lock (_reading)
        {
            if (_key == refused)
            {
                try
                {
                    _key = Read();
                }
                catch (InvalidDataException)
                {
                    // What is there is being written, or gone: the refusal stands, and says where the key comes from.
                    return false;
                }
            }

            return _key != refused;
        }
    }

    /// <summary>No secret.</summary>
    public override string ToString() => Source;

    private string? Read()
    {
        var key = _file is not null ? ReadFile(_file)
            : _settings.ApiKeyVariable is { } variable ? Environment.GetEnvironmentVariable(variable)?.Trim() ?? "" : null;
        if (key is null)
            return null;
        if (key.Length == 0)
            throw new InvalidDataException($"there is no API key in {Source}: put the key there, or leave out the setting if the server wants none.");
        if (key.Any(c => c is < '!' or > '~'))
            throw new InvalidDataException($"the API key in {Source} has blanks or characters that no header can carry: expected the key alone, in one line.");
        _secrets.Add(key);
        return key;
    }

    private static string ReadFile(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"the API key cannot be read: {e.Message}", e);
        }
    }
}
