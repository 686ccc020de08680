using System.Text.Unicode;
using DriftGuard.Qdrant.Embedded.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace DriftGuard.Qdrant.Embedded.Payloads;

/// <summary>
/// Payloads are stored as they came, so they are checked when they come: well-formed <c>Value</c> messages all the way down,
/// valid UTF-8, and numbers that JSON can hold.
/// </summary>
internal static class PayloadValidation
{
    /// <summary>Levels of messages that protobuf parsers follow by default.</summary>
    private const int ParserLevels = 100;

    /// <summary>What the deepest answer takes of them: batch result, scored point, map entry, value.</summary>
    private const int AnswerLevels = 4;

    private const int MaxLevels = ParserLevels - AnswerLevels;
    private const int StructLevels = 3; // Struct, map entry, Value
    private const int ListLevels = 2; // ListValue, Value

    public static void CheckEntry(ReadOnlySpan<byte> entry) => CheckEntry(entry, level: 0);

    /// <summary>Refuses a path that no payload can be deep enough for, before anything follows it.</summary>
    public static void CheckDepth(JsonPath path)
    {
        if (path.Rest.Count > MaxLevels / ListLevels) throw TooDeep();
    }

    private static void CheckEntry(ReadOnlySpan<byte> entry, int level)
    {
        var fields = new WireReader(entry);
        while (fields.Next())
        {
            if (fields.Field == 1) CheckText(fields.Bytes());
            else if (fields.Field == 2) CheckValue(fields.Bytes(), level);
            else fields.Skip();
        }
    }

    private static void CheckValue(ReadOnlySpan<byte> value, int level)
    {
        if (level > MaxLevels) throw TooDeep();
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
                    CheckStruct(fields.Bytes(), level + StructLevels);
                    break;
                case (7, WireFormat.WireType.LengthDelimited):
                    CheckList(fields.Bytes(), level + ListLevels);
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

    private static void CheckStruct(ReadOnlySpan<byte> value, int level)
    {
        var fields = new WireReader(value);
        while (fields.Next())
        {
            if (fields.Field == 1) CheckEntry(fields.Bytes(), level);
            else fields.Skip();
        }
    }

    private static void CheckList(ReadOnlySpan<byte> value, int level)
    {
        var fields = new WireReader(value);
        while (fields.Next())
        {
            if (fields.Field == 1) CheckValue(fields.Bytes(), level);
            else fields.Skip();
        }
    }

    private static RpcException TooDeep() => Refusal.Invalid(
        $"The payload is nested too deep: a value may hold {MaxLevels} levels, of which an object takes {StructLevels} and a list {ListLevels}.");

    private static void CheckText(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text)) throw Refusal.Invalid("A payload key or string is not valid UTF-8.");
    }
}
