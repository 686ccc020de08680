using System.Text.Json;
using System.Text.RegularExpressions;

namespace DriftGuard.Embedding.Pinning.Hub;

/// <summary>
/// Hugging Face's protocol as its own client libraries speak it: a revision's commit from the API, a file's length and digest from the
/// headers of its <c>resolve</c> address, its bytes from where that leads.
/// </summary>
internal sealed partial class HubClient(HubOptions options, TimeProvider time) : IDisposable
{
    private readonly HubRequests _requests = new(options, time);

    /// <summary>The commit that a branch, tag or commit means now. A whole commit is not asked for: its files are checked against it.</summary>
    /// <exception cref="PinningException">There is none, or the hub cannot be asked.</exception>
    public Task<string> CommitAsync(string repository, string revision, CancellationToken cancellation) => RetryingAsync(async stop =>
    {
        if (Commit().IsMatch(revision))
            return revision;

        var what = $"{repository} at {revision}";
        using var response = await _requests.SendAsync(
            HttpMethod.Get, new($"{_requests.At("api/models", repository, "revision")}/{Uri.EscapeDataString(revision)}"), what, repository, null, null, stop);
        var text = await _requests.WithinSilenceAsync(what, stop => response.Content.ReadAsStringAsync(stop), stop);
        return CommitOf(text) ?? throw new PinningException(PinningFailure.Unavailable,
            $"{options.Address.Authority} does not answer like a hub: expected JSON with the commit 'sha' of {what}. Is models.hub right, and is no proxy or login page between?");
    }, cancellation);

    /// <summary>What the hub says about a file of a commit.</summary>
    /// <exception cref="PinningException">There is no such file, or the hub cannot be asked.</exception>
    public Task<HubFile> FileAsync(string repository, string commit, string path, CancellationToken cancellation) => RetryingAsync(async stop =>
    {
        var what = new HubFile(repository, commit, path, 0, null).Label;
        string? repositoryCommit = null;
        using var response = await _requests.SendAsync(
            HttpMethod.Head, Address(repository, commit, path), what, repository, null, SaysEnough, stop);
        SaysEnough(response);

        if (!string.Equals(repositoryCommit, commit, StringComparison.OrdinalIgnoreCase))
        {
            throw new PinningException(PinningFailure.Refused, repositoryCommit is null
                ? $"{options.Address.Authority} does not answer like a hub: expected X-Repo-Commit for {what}. Is models.hub right, and is no proxy or login page between?"
                : $"{options.Address.Authority} gives {what} from another commit: expected {commit}, found {repositoryCommit}.");
        }

        var digest = BlobDigest.OfTag(HubFailures.Header(response, "X-Linked-Etag") ?? response.Headers.ETag?.Tag ?? HubFailures.Header(response, "ETag"));
        var length = HubFailures.Header(response, "X-Linked-Size") is { } linked && long.TryParse(linked, System.Globalization.CultureInfo.InvariantCulture, out var size)
            ? size
            : response.IsSuccessStatusCode ? response.Content.Headers.ContentLength : null;
        return length is { } bytes and >= 0
            ? new HubFile(repository, commit, path, bytes, digest)
            : throw new PinningException(PinningFailure.Unavailable, $"{options.Address.Authority} does not say how long {what} is: expected X-Linked-Size or Content-Length.");

        // A file in large file storage is described by the redirect to it; what comes after is another server's.
        bool SaysEnough(HttpResponseMessage answer)
        {
            repositoryCommit ??= HubFailures.Header(answer, "X-Repo-Commit");
            return (int)answer.StatusCode is >= 300 and < 400 && answer.Headers.Contains("X-Linked-Etag") && answer.Headers.Contains("X-Linked-Size");
        }
    }, cancellation);

    /// <summary>Downloads a file, or what is missing of it.</summary>
    /// <param name="file">What the hub says about it.</param>
    /// <param name="part">Where its bytes are gathered; what is there already is kept.</param>
    /// <param name="expected">What its bytes must be; null: what the hub says.</param>
    /// <param name="progress">Told how many bytes are there.</param>
    /// <param name="cancellation">Cancels; what came stays.</param>
    /// <returns>The names of the bytes that are now in the file, flushed to the disk.</returns>
    /// <exception cref="PinningException">
    /// The hub cannot be asked, and what came stays; or it gave other bytes, and nothing stays.
    /// </exception>
    public Task<BlobNames> DownloadAsync(HubFile file, string part, BlobDigest? expected, Action<long> progress, CancellationToken cancellation) =>
        new HubDownload(_requests, Address(file.Repository, file.Commit, file.Path), file, part, expected ?? file.Digest, progress).RunAsync(cancellation);

    public void Dispose() => _requests.Dispose();

    private Uri Address(string repository, string commit, string path) => _requests.At(repository, "resolve", commit, path);

    private static string? CommitOf(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind is JsonValueKind.Object && document.RootElement.TryGetProperty("sha", out var sha)
                && sha.ValueKind is JsonValueKind.String && Commit().IsMatch(sha.GetString()!) ? sha.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<T> RetryingAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            return await _requests.Retry.ExecuteAsync(async stop => await work(stop), cancellation);
        }
        catch (PassingHubException e)
        {
            throw new PinningException(PinningFailure.Unavailable, e.Message, e);
        }
    }

    [GeneratedRegex(@"^([0-9a-f]{40}|[0-9a-f]{64})\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Commit();
}
