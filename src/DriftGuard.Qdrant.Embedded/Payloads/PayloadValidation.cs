using System.Text.Unicode;
using DriftGuard.Qdrant.Embedded.Wire;
using Google.Protobuf;

namespace DriftGuard.Qdrant.Embedded.Payloads;

/// <summary>
/// Payloads are stored as they came, so they are checked when they come: well-formed <c>Value</c> messages all the way down,
/// valid UTF-8, and numbers that JSON can hold.
/// </summary>
internal static class PayloadValidation
{
    private const int MaxDepth = 100; // as deep as protobuf parsers follow by default

    public static void CheckEntry(ReadOnlySpan<byte> entry)
    {
        var fields = new WireReader(entry);
        while (fields.Next())
        {
            if (fields is { Field: 1, Type: WireFormat.WireType.LengthDelimited }) CheckText(fields.Bytes());
            else if (fields is { Field: 2, Type: WireFormat.WireType.LengthDelimited }) CheckValue(fields.Bytes(), 0);
            else fields.Skip();
        }
    }

    private static void CheckValue(ReadOnlySpan<byte> value, int depth)
    {
        if (depth > MaxDepth) throw Refusal.Invalid($"The payload is nested deeper than {MaxDepth} levels.");
        var fields = new WireReader(value);
        while (fields.Next())
        {
            switch (fields.Field, fields.Type)
            {
                case (2, WireFormat.WireType.Fixed64):
                    if (!double.IsFinite(fields.Double())) throw Refusal.Invalid("cannot convert to json number");
                    break;
                case (4, WireFormat.WireType.LengthDelimited):
                    CheckText(fields.Bytes());
                    break;
                case (6, WireFormat.WireType.LengthDelimited):
                    CheckStruct(fields.Bytes(), depth + 1);
                    break;
                case (7, WireFormat.WireType.LengthDelimited):
                    CheckList(fields.Bytes(), depth + 1);
                    break;
                case (1 or 3 or 5, WireFormat.WireType.Varint):
                    fields.Skip();
                    break;
                case (1 or 2 or 3 or 4 or 5 or 6 or 7, _):
                    throw Refusal.Invalid($"A payload value has field {fields.Field} in wire type {fields.Type}, which is none of Value's.");
                default:
                    fields.Skip();
                    break;
            }
        }
    }

    private static void CheckStruct(ReadOnlySpan<byte> value, int depth)
    {
        var fields = new WireReader(value);
        while (fields.Next())
        {
            if (fields.Field != 1)
            {
                fields.Skip();
                continue;
            }

            var entry = new WireReader(fields.Bytes());
            while (entry.Next())
            {
                if (entry.Field == 1) CheckText(entry.Bytes());
                else if (entry.Field == 2) CheckValue(entry.Bytes(), depth);
                else entry.Skip();
            }
        }
    }

    private static void CheckList(ReadOnlySpan<byte> value, int depth)
    {
        var fields = new WireReader(value);
        while (fields.Next())
        {
            if (fields.Field == 1) CheckValue(fields.Bytes(), depth);
            else fields.Skip();
        }
    }

    private static void CheckText(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text)) throw Refusal.Invalid("A payload key or string is not valid UTF-8.");
    }
}
