using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Testing.Hub;

/// <summary>
/// A hub on this machine that speaks Hugging Face's protocol: small files are given by the hub itself, large ones by another server that
/// it redirects to. Rules make it misbehave.
/// </summary>
public sealed class FakeHub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, FakeHubFile> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _branches = new(StringComparer.Ordinal);
    private readonly List<FakeHubRule> _rules = [];

    private FakeHub(WebApplication app) => _app = app;

    /// <summary>The hub.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>The server of large files, another origin.</summary>
    public Uri LargeFiles => new(_app.Urls.Last());

    /// <summary>What was asked so far.</summary>
    public ConcurrentQueue<FakeHubCall> Calls { get; } = new();

    /// <summary>Who does not bring it is answered with 401; null: everybody may read.</summary>
    public string? Token { get; set; }

    /// <summary>Told of the large files' server's tag of a file; tests change it.</summary>
    public string LargeFileTag { get; set; } = "\"multipart-1\"";

    public static async Task<FakeHub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        var hub = new FakeHub(app);
        app.Run(hub.AnswerAsync);
        await app.StartAsync();
        return hub;
    }

    /// <summary>Puts a file into a commit, and the commit at the tip of <c>main</c>.</summary>
    public void Add(string repository, string commit, string path, byte[] bytes, bool large)
    {
        _files[$"/{repository}/resolve/{commit}/{path}"] = new(bytes, large, commit);
        _branches[$"{repository}/revision/main"] = commit;
        _branches[$"{repository}/revision/{commit}"] = commit;
    }

    /// <summary>Answers calls in another way.</summary>
    /// <param name="applies">Which calls.</param>
    /// <param name="times">How many of them.</param>
    /// <param name="answer">The answer; the file is null where the call is not for its bytes.</param>
    public void On(Func<FakeHubCall, bool> applies, int times, Func<HttpContext, FakeHubFile?, Task> answer)
    {
        lock (_rules)
            _rules.Add(new(applies, answer) { Left = times });
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var call = new FakeHubCall(
            request.Method, new Uri($"{request.Scheme}://{request.Host}").Port == LargeFiles.Port, Uri.UnescapeDataString(request.Path),
            request.Headers.Authorization, request.Headers.Range, request.Headers.IfRange);
        Calls.Enqueue(call);
        FakeHubRule? rule;
        lock (_rules)
        {
            rule = _rules.FirstOrDefault(rule => rule.Left > 0 && rule.Applies(call));
            if (rule is not null)
                rule.Left--;
        }

        if (rule is not null)
            await rule.Answer(context, FileOf(call));
        else if (!call.ToLargeFiles && Token is not null && call.Authorization != $"Bearer {Token}")
            context.Response.StatusCode = 401;
        else if (call.Path.StartsWith("/api/models/", StringComparison.Ordinal))
            await AnswerRevisionAsync(context, call.Path["/api/models/".Length..]);
        else if (FileOf(call) is not { } file)
            await NotFoundAsync(context, "EntryNotFound");
        else if (call.ToLargeFiles)
            await SendAsync(context, file, LargeFileTag);
        else
            await ResolveAsync(context, file, call.Path);
    }

    private async Task AnswerRevisionAsync(HttpContext context, string revision)
    {
        if (_branches.TryGetValue(revision, out var commit))
            await context.Response.WriteAsJsonAsync(new { id = revision, sha = commit });
        else
            await NotFoundAsync(context, _branches.Keys.Any(known => known.StartsWith(revision.Split("/revision/")[0] + "/", StringComparison.Ordinal)) ? "RevisionNotFound" : "RepoNotFound");
    }

    private async Task ResolveAsync(HttpContext context, FakeHubFile file, string path)
    {
        context.Response.Headers["X-Repo-Commit"] = file.Commit;
        if (!file.Large)
        {
            await SendAsync(context, file, $"\"{file.GitId}\"");
            return;
        }

        context.Response.Headers["X-Linked-Etag"] = $"\"{file.Sha256}\"";
        context.Response.Headers["X-Linked-Size"] = file.Bytes.Length.ToString(CultureInfo.InvariantCulture);
        context.Response.Redirect($"{LargeFiles.GetLeftPart(UriPartial.Authority)}{path}?signature=secret");
    }

    /// <summary>Gives a file as servers do, with ranges.</summary>
    public static async Task SendAsync(HttpContext context, FakeHubFile file, string tag)
    {
        var response = context.Response;
        response.Headers.ETag = tag;
        response.Headers.AcceptRanges = "bytes";
        response.ContentType = "application/octet-stream";
        var offset = 0;
        if (context.Request.GetTypedHeaders().Range?.Ranges.Single().From is { } from
            && (context.Request.Headers.IfRange.Count == 0 || context.Request.Headers.IfRange == tag))
        {
            offset = (int)from;
            response.StatusCode = 206;
            response.Headers.ContentRange = $"bytes {offset}-{file.Bytes.Length - 1}/{file.Bytes.Length}";
        }

        response.ContentLength = file.Bytes.Length - offset;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(file.Bytes.AsMemory(offset));
    }

    private static async Task NotFoundAsync(HttpContext context, string code)
    {
        context.Response.StatusCode = 404;
        context.Response.Headers["X-Error-Code"] = code;
        await context.Response.CompleteAsync();
    }

    private FakeHubFile? FileOf(FakeHubCall call) => _files.GetValueOrDefault(call.Path);

    private sealed record FakeHubRule(Func<FakeHubCall, bool> Applies, Func<HttpContext, FakeHubFile?, Task> Answer)
    {
        public int Left { get; set; }
    }
}

/// <summary>What a hub was asked.</summary>
public sealed record FakeHubCall(string Method, bool ToLargeFiles, string Path, string? Authorization, string? Range, string? IfRange)
{
    /// <summary>Whether the bytes of a file were asked for, where they are.</summary>
    public bool IsBodyOf(string path) => Method == "GET" && ToLargeFiles && Path.EndsWith("/" + path, StringComparison.Ordinal);
}

/// <summary>A file of a hub.</summary>
public sealed record FakeHubFile(byte[] Bytes, bool Large, string Commit)
{
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Bytes));

    public string GitId => Convert.ToHexStringLower(GitHash([.. Encoding.ASCII.GetBytes($"blob {Bytes.Length}\0"), .. Bytes]));

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "Git's names.")]
    private static byte[] GitHash(byte[] bytes) => SHA1.HashData(bytes);
}
