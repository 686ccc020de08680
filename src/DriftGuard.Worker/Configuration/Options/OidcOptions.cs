using System.ComponentModel.DataAnnotations;
using DriftGuard.Core.Access;

namespace DriftGuard.Worker.Configuration;

/// <summary>Bearer tokens (JWT) of an OpenID Connect provider, whose keys are read from its discovery document.</summary>
public sealed record OidcOptions
{
    /// <summary>The issuer, such as <c>https://login.example/realms/main</c>; no tokens are taken unless set.</summary>
    public string? Authority { get; init; }

    /// <summary>The audience that a token must be for.</summary>
    public string? Audience { get; init; }

    /// <summary>The claim that names the caller in the audit log; <c>sub</c> unless set.</summary>
    public string NameClaim { get; init; } = "sub";

    /// <summary>The claim, single or a list, whose values grant something; <c>roles</c> unless set.</summary>
    public string Claim { get; init; } = "roles";

    /// <summary>What its values grant. A token that has none of them may do nothing.</summary>
    public IReadOnlyList<OidcGrantOptions> Grants { get; init; } = [];
}

/// <summary>What one value of the claim grants.</summary>
public sealed record OidcGrantOptions
{
    /// <summary>The value, such as <c>search-operators</c>.</summary>
    [Required]
    public string Value { get; init; } = "";

    /// <summary>The role with the installation; <c>none</c> unless set.</summary>
    public ManagementRole Role { get; init; }

    /// <summary>Indexes that may be searched, or <c>*</c> for all.</summary>
    public IReadOnlyList<string> Read { get; init; } = [];

    /// <summary>Indexes whose points may be written, or <c>*</c> for all.</summary>
    public IReadOnlyList<string> Write { get; init; } = [];
}
