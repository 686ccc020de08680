using System.Security.Claims;
using DriftGuard.Worker.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace DriftGuard.Worker.Security;

/// <summary>
/// Checks bearer tokens by the keys that the provider publishes, read from its discovery document and again when a token names a key that is not known.
/// </summary>
internal sealed partial class TokenReader
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    // Signatures by a key pair alone: one that the verifier could make as well proves nothing of who made it.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384,
        SecurityAlgorithms.RsaSsaPssSha512, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new();
    private readonly TokenValidationParameters? _parameters;
    private readonly ILogger<TokenReader> log;

    public TokenReader(DriftGuardOptions options, ILogger<TokenReader> log)
    {
        this.log = log;
        if (options.Security.Oidc is { Authority: { } authority } oidc)
        {
            _parameters = new()
            {
                ConfigurationManager = new ConfigurationManager<OpenIdConnectConfiguration>(
                    $"{authority.TrimEnd('/')}/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
                    new HttpDocumentRetriever { RequireHttps = authority.StartsWith("https:", StringComparison.Ordinal) }),
                ValidAudience = oidc.Audience,
                ValidAlgorithms = Algorithms,
                ClockSkew = ClockSkew,
            };
        }
    }

    /// <summary>What a token says of its subject; null where it is none of ours, or is not valid now.</summary>
    public async Task<ClaimsIdentity?> ReadAsync(string presented)
    {
        if (_parameters is null || !_handler.CanReadToken(presented))
        {
            return null;
        }

        var result = await _handler.ValidateTokenAsync(presented, _parameters);
        if (result.IsValid)
        {
            return result.ClaimsIdentity;
        }

        // Not the message: it may quote the token.
        LogRefused(log, result.Exception.GetType().Name);
        return null;
    }

    [LoggerMessage(5063, LogLevel.Information, "A token was refused: {Failure}")]
    private static partial void LogRefused(ILogger log, string failure);
}
