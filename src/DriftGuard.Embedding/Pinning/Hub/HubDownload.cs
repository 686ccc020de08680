using System.Net;
using System.Net.Http.Headers;

namespace DriftGuard.Embedding.Pinning.Hub;

/// <summary>
/// One file's way to the disk. It goes on where it was cut off, in this process or an earlier one, for as long as each try brings more;
/// what is there in the end is read back from the disk and digested.
/// </summary>
internal sealed class HubDownload(HubRequests requests, Uri address, HubFile file, string part, BlobDigest? expected, Action<long> progress)
{
    // The tag of the server that the bytes come from, which need not be the hub: what it says of the rest must be of the same file.
    private readonly string _tagFile = part + ".etag";

    public async Task<BlobNames> RunAsync(CancellationToken cancellation)
    {
        // Bytes of an earlier run may not have reached the disk before the machine stopped: a wrong sum gets one clean run.
        var resumed = Have() > 0;
        while (true)
        {
            await FetchAsync(cancellation);
            var names = await BlobNames.OfFileAsync(part, cancellation);
            if (expected is null || names.Match(expected))
            {
                File.Delete(_tagFile);
                return names;
            }

            Forget();
            if (!resumed)
            {
                throw new PinningException(PinningFailure.Refused,
                    $"{file.Label} has other bytes than expected: expected {expected}, found {names.Named(expected.Algorithm)}. Nothing of it is kept; "
                    + "the hub or something between gives another file than the one that is pinned.");
            }

            resumed = false;
        }
    }

    private async Task FetchAsync(CancellationToken cancellation)
    {
        if (Have() > file.Bytes)
            Forget();
        while (Have() < file.Bytes || !File.Exists(part))
        {
            var before = Have();
            try
            {
                await requests.Retry.ExecuteAsync(async stop => await AttemptAsync(stop), cancellation);
            }
            catch (PassingHubException e) when (Have() <= before)
            {
                throw new PinningException(PinningFailure.Unavailable,
                    $"{e.Message} {Have():N0} of {file.Bytes:N0} bytes of {file.Label} are kept; the same command goes on from there.", e);
            }
            catch (PassingHubException)
            {
                // It got further: a large file over a bad line comes in the end.
            }
        }
    }

    private async Task AttemptAsync(CancellationToken cancellation)
    {
        var offset = Have();
        using var response = await requests.SendAsync(HttpMethod.Get, address, file.Label, file.Repository, headers => AskFrom(headers, offset), null, cancellation);
        RefuseWhatIsNotTheFile(response);
        if (!Continues(response, offset))
        {
            // Another server, another file, or one that knows no ranges: from the beginning.
            Forget();
            if (response.StatusCode is not HttpStatusCode.OK)
                throw new PassingHubException($"{file.Label} cannot be continued at byte {offset:N0} ({(int)response.StatusCode}).");
            offset = 0;
        }

        CheckLength(response.Content.Headers.ContentLength, offset);
        if (response.Headers.ETag is { IsWeak: false } tag)
            await File.WriteAllTextAsync(_tagFile, tag.ToString(), cancellation);
        await SaveAsync(response, offset, cancellation);
    }

    private void AskFrom(HttpRequestHeaders headers, long offset)
    {
        if (offset == 0)
            return;
        headers.Range = new(offset, null);
        if (File.Exists(_tagFile) && EntityTagHeaderValue.TryParse(File.ReadAllText(_tagFile), out var tag))
            headers.IfRange = new(tag);
    }

    private bool Continues(HttpResponseMessage response, long offset) => offset == 0
        ? response.StatusCode is HttpStatusCode.OK
        : response.StatusCode is HttpStatusCode.PartialContent && response.Content.Headers.ContentRange is { } range
            && range.From == offset && (range.Length is null || range.Length == file.Bytes);

    private void RefuseWhatIsNotTheFile(HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentType?.MediaType is "text/html" && !file.Path.EndsWith(".html", StringComparison.OrdinalIgnoreCase))
        {
            // It says nothing of the file: what came of that is kept for when the page is out of the way.
            throw new PinningException(PinningFailure.Refused,
                $"{response.RequestMessage!.RequestUri!.Authority} answered with an HTML page instead of {file.Label}. Is a proxy or a login page between?");
        }
    }

    private void CheckLength(long? rest, long offset)
    {
        if (rest is { } length && offset + length != file.Bytes)
            throw WrongLength(offset + length);
    }

    private async Task SaveAsync(HttpResponseMessage response, long offset, CancellationToken cancellation)
    {
        await using var target = new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read | FileShare.Delete, 1, FileOptions.Asynchronous);
        target.SetLength(offset);
        target.Position = offset;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            var buffer = new byte[1 << 17];
            while (true)
            {
                var read = await requests.WithinSilenceAsync(file.Label, stop => body.ReadAsync(buffer, stop).AsTask(), cancellation);
                if (read == 0)
                    break;
                if (target.Position + read > file.Bytes)
                    throw WrongLength(target.Position + read, atLeast: true);
                await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
                progress(target.Position);
            }

            // Without a length, a connection that was closed too early looks like the end.
            if (target.Position < file.Bytes)
                throw new PassingHubException($"{file.Label} ended at byte {target.Position:N0} of {file.Bytes:N0}.");
        }
        finally
        {
            // What came is on the disk before anything is concluded from it.
            target.Flush(flushToDisk: true);
        }
    }

    private PinningException WrongLength(long found, bool atLeast = false)
    {
        Forget();
        return new(PinningFailure.Refused,
            $"{file.Label} has another length than the hub says: expected {file.Bytes:N0} bytes, found {(atLeast ? "at least " : "")}{found:N0}. Nothing of it is kept.");
    }

    private long Have() => new FileInfo(part) is { Exists: true, Length: var length } ? length : 0;

    private void Forget()
    {
        File.Delete(part);
        File.Delete(_tagFile);
        progress(0);
    }
}
