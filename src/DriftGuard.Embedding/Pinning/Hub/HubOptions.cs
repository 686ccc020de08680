namespace DriftGuard.Embedding.Pinning.Hub;

/// <summary>Which hub is asked, and how patiently.</summary>
internal sealed record HubOptions
{
    /// <summary>The hub's address.</summary>
    public required Uri Address { get; init; }

    /// <summary>Sent to the hub and to nobody else; null for public repositories.</summary>
    public string? Token { get; init; }

    /// <summary>How long a request or a body may be silent.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a request is tried again, and a download without a byte more.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>The wait before the first retry; it doubles, with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait, also where the hub asks for a longer one.</summary>
    public TimeSpan RetryMaxDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether an address is on the hub itself.</summary>
    public bool Is(Uri address) => Uri.Compare(address, Address, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>Checks what must hold before a token leaves the machine.</summary>
    /// <exception cref="PinningException">The token is malformed, or would be sent in the clear.</exception>
    public void Check()
    {
        if (Token is null)
            return;
        // The value is not repeated: what was mistaken for a token may be another secret.
        if (Token.Length == 0 || Token.Any(c => c is <= ' ' or > '~'))
            throw new PinningException(PinningFailure.Invalid, "the hub's token is malformed: expected one word of visible ASCII characters; look at models.hubTokenFile or HF_TOKEN.");
        if (Address.Scheme != Uri.UriSchemeHttps && !Address.IsLoopback)
            throw new PinningException(PinningFailure.Invalid, $"the hub's token is not sent to {Address} in the clear: use an https:// address in models.hub, or no token.");
    }
}
