using Grpc.Core;

namespace DriftGuard.Qdrant.Connection;

/// <summary>The API key as call headers, and the file it is read from again after a refusal.</summary>
internal sealed class ApiKeySource
{
    private const string Header = "api-key";

    private readonly string? _file;
    private volatile string? _key;
    private volatile Metadata? _headers;

    public ApiKeySource(QdrantOptions options)
    {
        _file = options.ApiKeyFile;
        Use(_file is null ? options.ApiKey : ReadFile(_file));
    }

    /// <summary>The headers of each call; null without a key.</summary>
    public Metadata? Headers => _headers;

    public bool HasKey => _key is not null;

    /// <summary>Reads the file again; whether that gave another key than the one that was refused.</summary>
    public bool Reload(Metadata? refused)
    {
        if (_file is null || !File.Exists(_file))
            return false;
        lock (_file)
        {
            if (ReferenceEquals(refused, _headers))
            {
                var key = ReadFile(_file);
                if (string.Equals(key, _key, StringComparison.Ordinal))
                    return false;
                Use(key);
            }
            return true;
        }
    }

    private static string ReadFile(string file)
    {
        var key = File.ReadAllText(file).Trim();
        return key.Length > 0 ? key : throw new InvalidOperationException($"the API key file '{file}' is empty: write the key into it");
    }

    private void Use(string? key)
    {
        _key = key;
        _headers = string.IsNullOrEmpty(key) ? null : new Metadata { { Header, key } };
    }

    /// <summary>No secret.</summary>
    public override string ToString() => _file ?? (HasKey ? "configured" : "none");
}
