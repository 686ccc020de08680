using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DriftGuard.Worker.Api.Client;

namespace DriftGuard.Cli.Shell;

/// <summary>Asks the management API of a running <c>driftguard serve</c>. What it refuses becomes the same errors and exit codes as here.</summary>
internal sealed class ApiClient : IDisposable
{
    /// <summary>The variable with the API key.</summary>
    public const string KeyVariable = "DRIFTGUARD_API_KEY";

    private readonly ManagementClient _client;

    private ApiClient(ManagementClient client) => _client = client;

    /// <summary>Whether a text is the address of a server.</summary>
    public static bool IsAddress(string text) => ManagementClient.IsAddress(text);

    /// <summary>A client of the server that the command line names.</summary>
    /// <exception cref="CommandException">The address is none, or the file with the key cannot be read.</exception>
    public static ApiClient Open(CommandContext context) => new(OpenClient(context));

    /// <summary>The same, as it is: its key is read from its file for each request, where it may be exchanged.</summary>
    /// <exception cref="CommandException">The address is none, or the file with the key cannot be read.</exception>
    public static ManagementClient OpenClient(CommandContext context)
    {
        var address = context.Server!;
        if (!IsAddress(address))
        {
            throw new CommandException(ExitCode.Usage, $"{CommandContext.ServerVariable}: expected an address such as https://driftguard.example:8470, found '{address}'");
        }

        _ = KeyOf(context);
        return new(address, () => KeyOf(context));
    }

    /// <summary>Reads something.</summary>
    /// <param name="path">Where it is, below <c>/api/v1/</c>.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <param name="json">How it is written; as the API does unless said.</param>
    /// <param name="query">What is meant of it; what is null is not said.</param>
    public Task<T> GetAsync<T>(FormattableString path, CancellationToken cancellation, JsonSerializerOptions? json = null, params IEnumerable<(string Name, object? Value)> query) =>
        TryAsync(() => _client.GetAsync<T>(path, cancellation, json, query));

    /// <summary>Does something, once however often it has to be sent.</summary>
    public Task<T> PostAsync<T>(FormattableString path, object body, CancellationToken cancellation, JsonSerializerOptions? json = null) =>
        TryAsync(() => _client.PostAsync<T>(path, body, cancellation, json));

    /// <summary>Takes something away.</summary>
    public Task<T> DeleteAsync<T>(FormattableString path, CancellationToken cancellation, JsonSerializerOptions? json = null, params IEnumerable<(string Name, object? Value)> query) =>
        TryAsync(() => _client.DeleteAsync<T>(path, cancellation, json, null, query));

    /// <summary>The events of a stream, until it ends: their types and data.</summary>
    public async IAsyncEnumerable<(string Type, string Data)> FollowAsync(FormattableString path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var events = _client.FollowAsync(path, cancellation).GetAsyncEnumerator(cancellation);
        while (await TryAsync(() => events.MoveNextAsync().AsTask()))
        {
            yield return events.Current;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static async Task<T> TryAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (ManagementException error)
        {
            throw new CommandException(CodeOf(error.Status), error.Message, error.Hint, error);
        }
    }

    private static ExitCode CodeOf(HttpStatusCode? status) => status switch
    {
        HttpStatusCode.NotFound => ExitCode.NotFound,
        HttpStatusCode.Conflict => ExitCode.Conflict,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.Refused,
        HttpStatusCode.InternalServerError => ExitCode.UnexpectedError,
        null or >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests => ExitCode.Unavailable,
        _ => ExitCode.Usage,
    };

    private static string? KeyOf(CommandContext context)
    {
        if (context.ApiKeyFile is not { } file)
        {
            return context.Environment.Variables.GetValueOrDefault(KeyVariable) is { Length: > 0 } key ? key.Trim() : null;
        }

        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandException(ExitCode.Usage, $"the file with the API key cannot be read: {error.Message}", innerException: error);
        }
    }
}
