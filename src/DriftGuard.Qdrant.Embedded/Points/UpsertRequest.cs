using DriftGuard.Qdrant.Embedded.Wire;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Embedded.Points;

/// <summary>
/// An <c>UpsertPoints</c> message read without decoding vectors and payloads: the bytes go from the wire to disk and memory once.
/// </summary>
internal sealed class UpsertRequest
{
    private UpsertRequest()
    {
    }

    public string CollectionName { get; private set; } = "";

    public bool Wait { get; private set; }

    public IReadOnlyList<PointInput> Points => _points;

    public Filter? UpdateFilter { get; private set; }

    public UpdateMode Mode { get; private set; }

    public ulong? Timeout { get; private set; }

    private readonly List<PointInput> _points = [];

    public static UpsertRequest Read(ReadOnlyMemory<byte> message)
    {
        var request = new UpsertRequest();
        var fields = new WireReader(message.Span);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    request.CollectionName = System.Text.Encoding.UTF8.GetString(fields.Bytes());
                    break;
                case 2:
                    request.Wait = fields.Varint() != 0;
                    break;
                case 3:
                    var size = fields.Bytes().Length;
                    request._points.Add(PointInput.Read(message.Slice(fields.Position - size, size)));
                    break;
                case 5:
                    RefuseShardKeys(ShardKeySelector.Parser.ParseFrom(fields.Bytes()));
                    break;
                case 6:
                    request.UpdateFilter = Filter.Parser.ParseFrom(fields.Bytes());
                    break;
                case 7:
                    request.Timeout = fields.Varint();
                    break;
                case 8:
                    request.Mode = (UpdateMode)fields.Varint();
                    break;
                default:
                    fields.Skip(); // 4, ordering: a single node has one order
                    break;
            }
        }

        return request;
    }

    public static void RefuseShardKeys(ShardKeySelector? selector)
    {
        if (selector is not null) throw Refusal.Unsupported("shard keys");
    }
}
