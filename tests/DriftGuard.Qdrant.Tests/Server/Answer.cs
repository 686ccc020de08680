using System.Buffers.Binary;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace DriftGuard.Qdrant.Tests.Server;

/// <summary>What the scripted server does with one call.</summary>
internal abstract record Answer
{
    public abstract Task SendAsync(HttpContext context);

    public static Answer Ok(IMessage message) => new Message(message.ToByteArray());

    public static Answer Ok(byte[] message) => new Message(message);

    public static Answer Fail(StatusCode code, string detail = "as scripted", params (string Key, string Value)[] trailers) =>
        new Failure(code, detail, trailers);

    /// <summary>Never answers; the caller's deadline or cancellation ends it.</summary>
    public static Answer Silence { get; } = new Silent();

    /// <summary>Cuts the stream after the request was read, before any answer.</summary>
    public static Answer Cut { get; } = new CutOff(AfterHeaders: false);

    /// <summary>Cuts the stream in the middle of an answer.</summary>
    public static Answer CutInside { get; } = new CutOff(AfterHeaders: true);

    private sealed record Message(byte[] Bytes) : Answer
    {
        public override async Task SendAsync(HttpContext context)
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(Frame(Bytes));
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }

    private sealed record Failure(StatusCode Code, string Detail, (string Key, string Value)[] Trailers) : Answer
    {
        public override async Task SendAsync(HttpContext context)
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.StartAsync();
            context.Response.AppendTrailer("grpc-status", ((int)Code).ToString(System.Globalization.CultureInfo.InvariantCulture));
            context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(Detail));
            foreach (var (key, value) in Trailers)
                context.Response.AppendTrailer(key, value);
        }
    }

    private sealed record Silent : Answer
    {
        public override Task SendAsync(HttpContext context)
        {
            var gone = new TaskCompletionSource();
            context.RequestAborted.Register(gone.SetResult);
            return gone.Task;
        }
    }

    private sealed record CutOff(bool AfterHeaders) : Answer
    {
        public override async Task SendAsync(HttpContext context)
        {
            if (AfterHeaders)
            {
                context.Response.ContentType = "application/grpc";
                await context.Response.Body.WriteAsync(Frame(new byte[100]).AsMemory(0, 50));
                await context.Response.Body.FlushAsync();
            }
            context.Abort();
        }
    }

    private static byte[] Frame(byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }
}
