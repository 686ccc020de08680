using System.Security.Cryptography;
using DriftGuard.Core.Access;
using DriftGuard.Worker.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DriftGuard.Cli.Tests.Api;

/// <summary>Tokens of a provider that is a small real server: discovery document, keys, and tokens signed by them.</summary>
public sealed class OidcTests
{
    [Fact]
    public async Task A_token_may_what_its_roles_grant_and_anything_not_quite_one_may_nothing()
    {
        await using var issuer = await Issuer.StartAsync();
        await ApiInstallation.RunAsync(async api =>
        {
            (await api.CallAsync("GET", "/api/v1/indexes", issuer.Token("search-viewers"))).Status.ShouldBe(200);
            (await api.CallAsync("POST", "/api/v1/indexes/docs/drift/baselines", issuer.Token("search-viewers"))).Status.ShouldBe(403);
            (await api.CallAsync("POST", "/v1/indexes/docs/search", issuer.Token("search-viewers"), new { text = "a river" })).Status.ShouldBe(200);
            (await api.CallAsync("POST", "/api/v1/indexes/docs/drift/baselines", issuer.Token("search-viewers", "search-operators"))).Status.ShouldBe(200);
            (await api.CallAsync("GET", "/api/v1/indexes", issuer.Token("somebody-else"))).Status.ShouldBe(403);
            (await api.CallAsync("GET", "/api/v1/indexes", issuer.Token())).Status.ShouldBe(403);

            var entry = (await api.CallAsync("GET", "/api/v1/audit?limit=1", issuer.Token("search-viewers"))).Body[0];
            (entry.GetProperty("event").GetString(), entry.GetProperty("by").GetString()).ShouldBe(("baseline_taken", "ann@example.com"));

            var good = issuer.Token("search-operators");
            string[] none =
            [
                issuer.Token(["search-operators"], audience: "another"), issuer.Token(["search-operators"], expires: DateTime.UtcNow.AddHours(-1)), issuer.Token(["search-operators"], by: "https://another.example"),
                issuer.Token(["search-operators"], key: Issuer.NewKey()), issuer.Unsigned("search-operators"), good[..^3], good + "x", "abc.def.ghi", "abc",
            ];
            foreach (var token in none)
            {
                (await api.CallAsync("GET", "/api/v1/indexes", token)).Status.ShouldBe(401, token);
            }
        }, options => options with { Security = ApiInstallation.Closed with { Oidc = issuer.Trusted } });
    }

    private sealed class Issuer(WebApplication app, RsaSecurityKey key) : IAsyncDisposable
    {
        private const string Audience = "driftguard";

        private string Address => app.Urls.Single();

        public OidcOptions Trusted => new()
        {
            Authority = Address,
            Audience = Audience,
            NameClaim = "email",
            Grants =
            [
                new() { Value = "search-viewers", Role = ManagementRole.Viewer, Read = ["docs"] },
                new() { Value = "search-operators", Role = ManagementRole.Operator },
            ],
        };

        public static RsaSecurityKey NewKey() => new(RSA.Create(2048)) { KeyId = "key-1" };

        public static async Task<Issuer> StartAsync()
        {
            var builder = WebApplication.CreateEmptyBuilder(new());
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            builder.Services.AddRouting();
            var (app, key) = (builder.Build(), NewKey());
            var issuer = new Issuer(app, key);
            app.UseRouting();
            app.MapGet("/.well-known/openid-configuration", context => context.Response.WriteAsJsonAsync(new { issuer = issuer.Address, jwks_uri = $"{issuer.Address}/keys" }));
            app.MapGet("/keys", context =>
            {
                var jwk = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(key.Rsa.ExportParameters(false)) { KeyId = key.KeyId });
                return context.Response.WriteAsJsonAsync(new { keys = new[] { new { kty = jwk.Kty, n = jwk.N, e = jwk.E, kid = jwk.Kid, use = "sig", alg = "RS256" } } });
            });
            await app.StartAsync(TestContext.Current.CancellationToken);
            return issuer;
        }

        public string Token(params string[] roles) => Token(roles, Audience);

        public string Token(string[] roles, string audience = Audience, DateTime? expires = null, string? by = null, SecurityKey? key = null) => Write(roles, audience, expires, by, new SigningCredentials(key ?? this.Key, SecurityAlgorithms.RsaSha256));

        public string Unsigned(params string[] roles) => Write(roles, Audience, null, null, null);

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private RsaSecurityKey Key => key;

        private string Write(string[] roles, string audience, DateTime? expires, string? by, SigningCredentials? credentials) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = by ?? Address,
            Audience = audience,
            Expires = expires ?? DateTime.UtcNow.AddMinutes(10),
            NotBefore = DateTime.UtcNow.AddHours(-2),
            Claims = new Dictionary<string, object> { ["sub"] = "user-17", ["email"] = "ann@example.com", ["roles"] = roles },
            SigningCredentials = credentials,
        });
    }
}
