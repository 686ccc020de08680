namespace DriftGuard.Worker.Configuration;

/// <summary>Who may do what.</summary>
public sealed record SecurityOptions
{
    /// <summary>Whether requests without a key or a token may do everything; <c>loopback</c> unless set.</summary>
    public AnonymousAccess Anonymous { get; init; } = AnonymousAccess.Loopback;

    /// <summary>Whether a cutover must be approved by somebody else than who started the rollout.</summary>
    public bool SecondApprover { get; init; }

    /// <summary>Whether <c>/metrics</c> is told to anybody, for a Prometheus that sends no key; otherwise it takes the role viewer.</summary>
    public bool OpenMetrics { get; init; }

    /// <summary>Tokens of an OpenID Connect provider.</summary>
    public OidcOptions Oidc { get; init; } = new();
}

/// <summary>Whether requests without a key or a token may do everything.</summary>
public enum AnonymousAccess
{
    /// <summary>Where every listener is on the loopback interface: whoever can reach that has the machine's trust.</summary>
    Loopback,

    /// <summary>Nowhere.</summary>
    Never,
}
