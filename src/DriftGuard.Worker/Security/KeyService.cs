using DriftGuard.Core.Access;
using DriftGuard.State;

namespace DriftGuard.Worker.Security;

/// <summary>Makes, exchanges and revokes API keys.</summary>
public sealed class KeyService(StateStore state, TimeProvider time)
{
    /// <summary>For how long the secret before opens as well after a rotation, unless said.</summary>
    public static readonly TimeSpan UsualGrace = TimeSpan.FromHours(24);

    /// <summary>Characters of a name at most.</summary>
    public const int LongestName = 100;

    /// <summary>Keys are not any more what they were: told after each change by this process.</summary>
    internal Action? Changed { get; set; }

    /// <summary>Makes a key.</summary>
    /// <param name="name">What people call it.</param>
    /// <param name="grants">What its holder may do.</param>
    /// <param name="lifetime">After which time it opens nothing any more; null for never.</param>
    /// <param name="by">Who makes it.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The key, and its text, which is nowhere else.</returns>
    /// <exception cref="OperatorException">It would open nothing, or its name is none.</exception>
    /// <exception cref="StateConflictException">Its name is taken.</exception>
    public async Task<NewKey> CreateAsync(string name, Grants grants, TimeSpan? lifetime, string by, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > LongestName || name.Any(char.IsControl))
        {
            throw new OperatorException(OperatorError.Invalid, $"a key needs a name of 1 to {LongestName} characters, found '{name}'");
        }

        if (grants is { Role: ManagementRole.None, Read: [], Write: [] })
        {
            throw new OperatorException(OperatorError.Invalid, "the key would open nothing: give it a role, or indexes to read or write");
        }

        if (lifetime <= TimeSpan.Zero)
        {
            throw new OperatorException(OperatorError.Invalid, "the key would have expired already: give it a lifetime above 0");
        }

        var now = time.GetUtcNow();
        var key = new ApiKey(KeyText.NewId(), name, grants, now, by, lifetime is { } longest ? now + longest : null);
        var (text, digest) = KeyText.NewSecret(key.Id);
        await state.AddApiKeyAsync(key, digest, cancellation);
        Changed?.Invoke();
        return new(key, text);
    }

    /// <summary>All keys, by last use.</summary>
    public Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellation) => state.ApiKeysAsync(cancellation);

    /// <summary>Exchanges a key's secret.</summary>
    /// <param name="idOrName">The key.</param>
    /// <param name="grace">For how long the secret before opens as well.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <returns>The key, and its new text, which is nowhere else.</returns>
    /// <exception cref="OperatorException">There is no such key.</exception>
    public async Task<NewKey> RotateAsync(string idOrName, TimeSpan grace, CancellationToken cancellation)
    {
        // The text holds the id, and who asks may have said the name.
        var key = await FindAsync(idOrName, cancellation);
        var (text, digest) = KeyText.NewSecret(key.Id);
        var rotated = await state.RotateApiKeyAsync(key.Id, digest, time.GetUtcNow() + grace, cancellation) ?? throw Missing(idOrName);
        Changed?.Invoke();
        return new(rotated, text);
    }

    /// <summary>Puts a key out of use.</summary>
    /// <exception cref="OperatorException">There is no such key.</exception>
    public async Task<ApiKey> RevokeAsync(string idOrName, CancellationToken cancellation)
    {
        var revoked = await state.RevokeApiKeyAsync(idOrName, cancellation) ?? throw Missing(idOrName);
        Changed?.Invoke();
        return revoked;
    }

    private async Task<ApiKey> FindAsync(string idOrName, CancellationToken cancellation) =>
        (await state.ApiKeysAsync(cancellation)).FirstOrDefault(key => key.RevokedAt is null && (key.Id == idOrName || key.Name == idOrName)) ?? throw Missing(idOrName);

    private static OperatorException Missing(string idOrName) =>
        new(OperatorError.NotFound, $"there is no API key '{idOrName}' that is not revoked; 'driftguard key list' shows them");
}

/// <summary>A key that was just made, or whose secret was just exchanged.</summary>
/// <param name="Key">The key.</param>
/// <param name="Text">What its holder sends; it is shown once and kept nowhere.</param>
public sealed record NewKey(ApiKey Key, string Text);
