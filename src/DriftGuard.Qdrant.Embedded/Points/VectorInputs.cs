using System.Text;
using DriftGuard.Qdrant.Embedded.Wire;
using Google.Protobuf;

namespace DriftGuard.Qdrant.Embedded.Points;

/// <summary>
/// Copies the vectors of a <c>Vectors</c> message into a plan, straight from the wire, made ready for storage. A vector of another kind
/// than dense is refused.
/// </summary>
internal static class VectorInputs
{
    /// <summary>Adds all vectors of the message to the plan; returns how many. Names and sizes must fit the collection.</summary>
    public static int Add(ReadOnlySpan<byte> vectors, PointStore points, WritePlan plan)
    {
        var first = plan.VectorsSoFar;
        var any = false;
        var fields = new WireReader(vectors);
        while (fields.Next())
        {
            any = true;
            if (fields.Field == 1) AddOne("", fields.Bytes(), points, plan);
            else if (fields.Field == 2) AddNamed(fields.Bytes(), points, plan);
            else throw Refusal.Unsupported($"field {fields.Field} of Vectors");
        }

        return any ? plan.VectorsSoFar - first : throw Refusal.Invalid("Expected some vectors");
    }

    private static void AddNamed(ReadOnlySpan<byte> named, PointStore points, WritePlan plan)
    {
        var entries = new WireReader(named);
        while (entries.Next())
        {
            var name = "";
            ReadOnlySpan<byte> vector = default;
            var entry = new WireReader(entries.Bytes());
            while (entry.Next())
            {
                if (entry.Field == 1) name = Encoding.UTF8.GetString(entry.Bytes());
                else if (entry.Field == 2) vector = entry.Bytes();
                else entry.Skip();
            }

            AddOne(name, vector, points, plan);
        }
    }

    private static void AddOne(string name, ReadOnlySpan<byte> vector, PointStore points, WritePlan plan)
    {
        var values = DenseValues(vector);
        var space = points.SpaceOrRefuse(name);
        space.CheckSize(values.Length / sizeof(float));
        plan.AddVector(space, values);
    }

    /// <summary>The packed floats of a <c>Vector</c>: of <c>dense.data</c>, or of the deprecated <c>data</c>.</summary>
    private static ReadOnlySpan<byte> DenseValues(ReadOnlySpan<byte> vector)
    {
        ReadOnlySpan<byte> values = default;
        var fields = new WireReader(vector);
        while (fields.Next())
        {
            values = fields.Field switch
            {
                1 => Packed(ref fields),
                101 => DenseData(fields.Bytes()),
                102 or 2 => throw Refusal.Unsupported("sparse vectors"),
                103 or 3 => throw Refusal.Unsupported("multivectors"),
                _ => throw Refusal.Unsupported("inference (documents, images and objects as vectors)"),
            };
        }

        return values;
    }

    private static ReadOnlySpan<byte> DenseData(ReadOnlySpan<byte> dense)
    {
        ReadOnlySpan<byte> values = default;
        var fields = new WireReader(dense);
        while (fields.Next())
        {
            if (fields.Field == 1 && values.IsEmpty) values = Packed(ref fields);
            else throw Refusal.Unsupported("a dense vector that is not one packed list of floats");
        }

        return values;
    }

    private static ReadOnlySpan<byte> Packed(scoped ref WireReader fields)
    {
        if (fields.Type != WireFormat.WireType.LengthDelimited) throw Refusal.Unsupported("vectors whose floats are not packed");
        var values = fields.Bytes();
        return values.Length % sizeof(float) == 0 ? values : throw Refusal.Invalid("The bytes of a vector are no whole number of floats.");
    }
}
