using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DriftGuard.Embedding.Onnx;

/// <summary>The numbers of a graph's output as 32-bit floats, whichever of the floating-point types it gives.</summary>
internal sealed class OutputFloats
{
    private float[] _widened = [];

    /// <summary>Whether an output of this type can be read.</summary>
    public static bool CanRead(TensorElementType type) =>
        type is TensorElementType.Float or TensorElementType.Float16 or TensorElementType.BFloat16;

    /// <summary>The output's numbers, valid until the next call and as long as the output is.</summary>
    /// <exception cref="InvalidDataException">The output is of another type than the graph declared.</exception>
    public ReadOnlySpan<float> Read(OrtValue output)
    {
        switch (output.GetTensorTypeAndShape().ElementDataType)
        {
            case TensorElementType.Float:
                return output.GetTensorDataAsSpan<float>();
            case TensorElementType.Float16:
                var halves = MemoryMarshal.Cast<Float16, Half>(output.GetTensorDataAsSpan<Float16>());
                TensorPrimitives.ConvertToSingle(halves, Buffer(halves.Length));
                return _widened.AsSpan(0, halves.Length);
            case TensorElementType.BFloat16:
                // The upper half of a 32-bit float.
                var upper = MemoryMarshal.Cast<BFloat16, ushort>(output.GetTensorDataAsSpan<BFloat16>());
                var bits = MemoryMarshal.Cast<float, uint>(Buffer(upper.Length));
                TensorPrimitives.ConvertTruncating(upper, bits);
                TensorPrimitives.ShiftLeft(bits, 16, bits);
                return _widened.AsSpan(0, upper.Length);
            case var type:
                throw new InvalidDataException($"the output is of type {type}, which is not floating point.");
        }
    }

    private Span<float> Buffer(int length)
    {
        if (_widened.Length < length)
            _widened = new float[length];
        return _widened.AsSpan(0, length);
    }
}
