using System.Text;
using DriftGuard.Qdrant.Embedded.Wire;
using Google.Protobuf.Collections;
using Qdrant.Client.Grpc;
using Step = DriftGuard.Qdrant.Embedded.Payloads.JsonPath.Step;

namespace DriftGuard.Qdrant.Embedded.Payloads;

/// <summary>Which part of a payload an answer carries: nothing, everything, only some paths, or all but some.</summary>
internal sealed class PayloadProjection
{
    private static readonly PayloadProjection Nothing = new(include: true, []);
    private static readonly PayloadProjection Everything = new(include: false, []);
    private readonly bool _include;
    private readonly JsonPath[] _paths;
    private readonly byte[][] _keys;
    private readonly bool _topLevelOnly;

    private PayloadProjection(bool include, IEnumerable<string> fields)
    {
        _include = include;
        _paths = [.. fields.Select(JsonPath.Parse)];
        _keys = [.. _paths.Select(path => Encoding.UTF8.GetBytes(path.FirstKey))];
        _topLevelOnly = _paths.All(path => path.Rest.Count == 0);
    }

    public static PayloadProjection Of(WithPayloadSelector? selector, bool enabledByDefault) => selector?.SelectorOptionsCase switch
    {
        WithPayloadSelector.SelectorOptionsOneofCase.Enable => selector.Enable ? Everything : Nothing,
        WithPayloadSelector.SelectorOptionsOneofCase.Include => new(include: true, selector.Include.Fields),
        WithPayloadSelector.SelectorOptionsOneofCase.Exclude => new(include: false, selector.Exclude.Fields),
        _ => enabledByDefault ? Everything : Nothing,
    };

    /// <summary>The bytes of the payload that are to be sent; a view of the stored ones where possible.</summary>
    public ReadOnlySpan<byte> Apply(byte[] payload)
    {
        if (_paths.Length == 0) return _include ? [] : payload;
        return _topLevelOnly ? PickEntries(payload) : PayloadBytes.Encode(Pick(PayloadBytes.Decode(payload)));
    }

    private byte[] PickEntries(byte[] payload)
    {
        using var picked = new WireWriter();
        var fields = new WireReader(payload);
        while (fields.Next())
        {
            var entry = fields.Bytes();
            if (Names(PayloadEntry.Read(entry).Key) != _include) continue;
            picked.Open(PayloadBytes.Field, entry.Length);
            picked.Raw(entry);
        }

        return picked.ToArray();
    }

    private bool Names(ReadOnlySpan<byte> key)
    {
        foreach (var candidate in _keys)
            if (key.SequenceEqual(candidate)) return true;
        return false;
    }

    private MapField<string, Value> Pick(MapField<string, Value> payload)
    {
        var picked = new MapField<string, Value>();
        var below = new List<Step>();
        foreach (var (key, value) in payload)
            if (Keeps(key, below)) picked[key] = Pick(key, below, value);
        return picked;
    }

    private Value Pick(string first, List<Step> below, Value value)
    {
        switch (value.KindCase)
        {
            case Value.KindOneofCase.StructValue:
                var fields = new Struct();
                foreach (var (key, inner) in value.StructValue.Fields)
                {
                    below.Add(new Step(key, Index: null));
                    if (Keeps(first, below)) fields.Fields[key] = Pick(first, below, inner);
                    below.RemoveAt(below.Count - 1);
                }

                return new Value { StructValue = fields };
            case Value.KindOneofCase.ListValue:
                var list = new ListValue();
                below.Add(default);
                foreach (var element in value.ListValue.Values)
                    if (Keeps(first, below)) list.Values.Add(Pick(first, below, element));
                below.RemoveAt(below.Count - 1);
                return new Value { ListValue = list };
            default:
                return value;
        }
    }

    /// <summary>Included: the path leads to or lies below a named one. Excluded: the path lies at or below a named one.</summary>
    private bool Keeps(string first, List<Step> below)
    {
        foreach (var path in _paths)
        {
            if (!string.Equals(path.FirstKey, first, StringComparison.Ordinal)) continue;
            if (!_include && path.Rest.Count > below.Count) continue;
            if (path.Rest.Zip(below).All(pair => pair.First == pair.Second)) return _include;
        }

        return !_include;
    }
}
