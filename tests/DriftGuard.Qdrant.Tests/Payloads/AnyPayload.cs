using CsCheck;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;

namespace DriftGuard.Qdrant.Tests.Payloads;

/// <summary>Payloads of any shape, three levels deep.</summary>
internal static class AnyPayload
{
    public static Gen<MapField<string, Value>> Gen => Fields(depth: 3);

    private static Gen<MapField<string, Value>> Fields(int depth) =>
        CsCheck.Gen.Select(Key, Value(depth)).Array[0, 5].Select(static pairs =>
        {
            var fields = new MapField<string, Value>();
            foreach (var (key, value) in pairs)
                fields[key] = value.Clone();
            return fields;
        });

    private static Gen<string> Key => CsCheck.Gen.OneOf(CsCheck.Gen.String[CsCheck.Gen.Char['a', 'f'], 0, 3], Text);

    private static readonly string[] Texts = ["", "é", "\uFB01", "\U0001F600", "\U00010000", "line\nbreak \"quoted\"", "\u0000", "1", "null"];

    private static Gen<string> Text => CsCheck.Gen.Int[0, Texts.Length - 1].Select(static i => Texts[i]);

    private static Gen<Value> Value(int depth)
    {
        Gen<Value>[] flat =
        [
            CsCheck.Gen.Long.Select(static value => new Value { IntegerValue = value }),
            CsCheck.Gen.Int[-2, 2].Select(static value => new Value { IntegerValue = value }),
            CsCheck.Gen.Double.Where(double.IsFinite).Select(static value => new Value { DoubleValue = value }),
            CsCheck.Gen.Int[-2, 2].Select(static value => new Value { DoubleValue = value }),
            CsCheck.Gen.Bool.Select(static value => new Value { BoolValue = value }),
            Text.Select(static value => new Value { StringValue = value }),
            CsCheck.Gen.Const(static () => new Value { NullValue = NullValue.NullValue }),
        ];
        return depth == 0
            ? CsCheck.Gen.OneOf(flat)
            : CsCheck.Gen.OneOf(
            [
                .. flat,
                Fields(depth - 1).Select(static fields => new Value { StructValue = new Struct { Fields = { fields } } }),
                Value(depth - 1).Array[0, 3].Select(static items => new Value { ListValue = new ListValue { Values = { items } } }),
            ]);
    }
}
