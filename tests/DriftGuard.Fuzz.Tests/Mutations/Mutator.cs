using System.Text;
using CsCheck;

namespace DriftGuard.Fuzz.Tests.Mutations;

/// <summary>An input of a corpus, changed.</summary>
/// <param name="Seed">Which input.</param>
/// <param name="Edits">What was done to it, in this order.</param>
internal sealed record Mutation(int Seed, IReadOnlyList<Edit> Edits);

/// <summary>Makes changed inputs of a target's corpus.</summary>
internal sealed class Mutator
{
    private const int MostEdits = 6;

    // What numbers, names and texts are where somebody errs or means ill.
    private static readonly string[] Odd =
    [
        "", "0", "-1", "1", "2", "1.5", "-0", "1e400", "1e-400", "NaN", "Infinity", "99999999999999999999", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
        "2147483647", "2147483648", "18446744073709551615", "0x1F", "1_000", "null", "~", "true", "false", "[]", "{}", "[[]]", "\"\"", "'", "\"", "\\ud800", "\\u0000", "\0", "\n", "\t",
        "%00", "%2e%2e%2f", "../../..", "/", "//", "*", "&a", "*a", "!!binary", "!!int", "<<", "---", "...", "|", ">", "\uFEFF", "\u202E", "é", "\U0001F600", "e\u0301", "ﬁ", "İ",
        "1d", "1h30m", "-1s", "1000000d", "99:99", "2026-01-01T00:00:00Z", "0001-01-01", "9999-12-31T23:59:59.9999999Z", "UTC", "http://", "http://[::1", "file:///", "a@b", "a b", ",", ";",
    ];

    private readonly FuzzTarget _target;
    private readonly IReadOnlyList<byte[]> _seeds;
    private readonly ByteEdits _edits;

    public Mutator(FuzzTarget target)
    {
        _target = target;
        _seeds = [.. Corpus.Seeds(target).Concat(Corpus.Found(target)).Select(seed => seed.Input)];
        var own = _seeds.SelectMany(seed => ByteEdits.Words(seed).Select(word => Encoding.Latin1.GetString(seed, word.Begin, word.End - word.Begin))).Distinct(StringComparer.Ordinal);
        // As often as all of the corpus' own together.
        byte[][] odd = [.. Odd.Select(Encoding.UTF8.GetBytes)], words = [.. own.Select(Encoding.Latin1.GetBytes)];
        _edits = new([.. words, .. Enumerable.Repeat(odd, 1 + (words.Length / odd.Length)).SelectMany(all => all)], _seeds);
        var kinds = Enum.GetValues<EditKind>();
        var edit = Gen.Select(Gen.Int[0, kinds.Length - 1], Gen.UInt, Gen.UInt, Gen.UInt, (kind, at, size, value) => new Edit(kinds[kind], at, size, value));
        Any = Gen.Select(Gen.Int[0, _seeds.Count - 1], edit.List[1, MostEdits], (seed, edits) => new Mutation(seed, edits));
    }

    /// <summary>Any changed input.</summary>
    public Gen<Mutation> Any { get; }

    /// <summary>The bytes of a changed input.</summary>
    public byte[] InputOf(Mutation mutation)
    {
        var input = _seeds[mutation.Seed];
        foreach (var edit in mutation.Edits)
            input = Apply(input, edit);
        return input;
    }

    /// <summary>The changed input of a number: the same one every time, as long as the corpus is.</summary>
    public Mutation Of(ulong number) => Any.Generate(new PCG(1, number), null, out _);

    /// <summary>Without the edits that a finding does not need.</summary>
    public Mutation Shrunk(Mutation mutation, Func<byte[], bool> finds)
    {
        for (var i = mutation.Edits.Count - 1; i >= 0; i--)
        {
            var without = mutation with { Edits = [.. mutation.Edits.Where((_, at) => at != i)] };
            mutation = finds(InputOf(without)) ? without : mutation;
        }

        return mutation;
    }

    private byte[] Apply(byte[] input, Edit edit)
    {
        if (edit.Kind < EditKind.FieldNumber)
            return _edits.Apply(input, edit);
        return _target.MessageOf(input) is { } begin && begin <= input.Length ? [.. input[..begin], .. MessageEdits.Apply(input[begin..], edit)] : _edits.Apply(input, edit with { Kind = EditKind.Word });
    }
}
