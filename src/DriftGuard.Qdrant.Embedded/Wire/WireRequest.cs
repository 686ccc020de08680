using System.Buffers;

namespace DriftGuard.Qdrant.Embedded.Wire;

/// <summary>A request in wire form, in a pooled buffer: upserts are megabytes, which would each go to the large object heap.</summary>
internal sealed class WireRequest : IDisposable
{
    private readonly int _length;
    private byte[] _buffer;

    private WireRequest(byte[] buffer, int length)
    {
        _buffer = buffer;
        _length = length;
    }

    /// <summary>The message; not to be kept beyond <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    public static WireRequest CopyOf(in ReadOnlySequence<byte> message)
    {
        var length = checked((int)message.Length);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        message.CopyTo(buffer);
        return new WireRequest(buffer, length);
    }

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
