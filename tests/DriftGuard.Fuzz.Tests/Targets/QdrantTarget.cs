using System.Text;
using DriftGuard.Qdrant.Embedded;
using Grpc.Core;
using Grpc.Net.Client;

namespace DriftGuard.Fuzz.Tests.Targets;

/// <summary>
/// Messages to the embedded Qdrant: a status that tells the caller what is wrong, and a server that goes on. An input is the method on a line,
/// such as <c>qdrant.Points/Upsert</c>, and the bytes of the message.
/// </summary>
internal static class QdrantTarget
{
    // So that messages go on to meet something: what they did to the collections is undone after a number of them.
    private const int CallsOfOne = 500;

    // Inputs whose names begin so, in the order of their names, make what others work on.
    private const string Prepares = "0";

    // A longer one is no request to the server of HTTP.
    private const int LongestPath = 200;

    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(1);
    private static readonly Marshaller<byte[]> AsItIs = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    // Of the server's own failures, not of the caller's mistakes.
    private static readonly StatusCode[] Unforeseen = [StatusCode.Unknown, StatusCode.Internal, StatusCode.DataLoss, StatusCode.DeadlineExceeded, StatusCode.Unavailable];

    private static (EmbeddedQdrant Server, GrpcChannel Channel)? _running;
    private static int _calls;

    /// <summary>Where the message of an input begins.</summary>
    public static int? MessageOf(byte[] input) => input.AsSpan().IndexOf((byte)'\n') is >= 0 and var end ? end + 1 : null;

    public static void Run(ReadOnlySpan<byte> input)
    {
        var invoker = Current();
        var (method, status) = Call(invoker, input.ToArray());
        if (Unforeseen.Contains(status.StatusCode))
            throw new FindingException($"{method}: {status}");
        if (Call(invoker, [.. "qdrant.Qdrant/HealthCheck\n"u8]).Status is { StatusCode: not StatusCode.OK } health)
            throw new FindingException($"after {method} the server answers no longer: {health}");
    }

    private static (string Method, Status Status) Call(CallInvoker invoker, byte[] input)
    {
        var begin = MessageOf(input) ?? input.Length;
        var path = string.Concat(Encoding.Latin1.GetString(input, 0, begin).Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '/' or '_').Take(LongestPath));
        var names = path.Split('/', 2);
        var method = new Method<byte[], byte[]>(MethodType.Unary, names[0], names.Length > 1 ? names[1] : "", AsItIs, AsItIs);
        try
        {
            invoker.BlockingUnaryCall(method, host: null, new CallOptions(deadline: DateTime.UtcNow + LongestCall), input[begin..]);
            return (path, Status.DefaultSuccess);
        }
        catch (RpcException refused)
        {
            return (path, refused.Status);
        }
    }

    private static CallInvoker Current()
    {
        if (_running is null || ++_calls % CallsOfOne == 0)
        {
            if (_running is var (before, channel))
            {
                channel.Dispose();
                before.StopAsync().GetAwaiter().GetResult();
            }

            var server = EmbeddedQdrant.StartAsync(new() { DataDirectory = TemporaryFolder.Of("qdrant") }).GetAwaiter().GetResult();
            _running = (server, GrpcChannel.ForAddress(server.Address, new() { MaxReceiveMessageSize = null }));
            var fresh = _running.Value.Channel.CreateCallInvoker();
            foreach (var (name, seed) in Corpus.Seeds(FuzzTarget.Of("qdrant")).Where(seed => seed.Name.StartsWith(Prepares, StringComparison.Ordinal)))
            {
                if (Call(fresh, seed).Status is { StatusCode: not StatusCode.OK } refused)
                    throw new FindingException($"{name}: {refused}");
            }
        }

        return _running.Value.Channel.CreateCallInvoker();
    }
}
