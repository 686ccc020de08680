using Qdrant.Client.Grpc;
using MatchCase = Qdrant.Client.Grpc.Match.MatchValueOneofCase;

namespace DriftGuard.Qdrant.Embedded.Filters;

/// <summary>The variants of a match condition.</summary>
internal static class MatchChecks
{
    public static IValueCheck Of(Match match) => match.MatchValueCase switch
    {
        MatchCase.Keyword => new IsText(match.Keyword),
        MatchCase.Integer => new IsInteger(match.Integer),
        MatchCase.Boolean => new IsBoolean(match.Boolean),
        MatchCase.Keywords => new IsOneOfTexts([.. match.Keywords.Strings]),
        MatchCase.Integers => new IsOneOfIntegers([.. match.Integers.Integers]),
        MatchCase.ExceptKeywords => new IsNotOneOfTexts([.. match.ExceptKeywords.Strings]),
        MatchCase.ExceptIntegers => new IsNotOneOfIntegers([.. match.ExceptIntegers.Integers]),
        // Without a full-text index, and this server has none, Qdrant looks for the text as a substring.
        MatchCase.Text => new ContainsAnyOf([match.Text]),
        MatchCase.Phrase => new ContainsAnyOf([match.Phrase]),
        MatchCase.TextAny => new ContainsAnyOf(match.TextAny.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
        _ => throw Refusal.Invalid("Malformed Match condition"),
    };
}

internal sealed record IsText(string Text) : IValueCheck
{
    public bool Passes(Value value) => string.Equals(ValueKinds.AsText(value), Text, StringComparison.Ordinal);
}

internal sealed record IsInteger(long Number) : IValueCheck
{
    public bool Passes(Value value) => value.KindCase == Value.KindOneofCase.IntegerValue && value.IntegerValue == Number;
}

internal sealed record IsBoolean(bool Truth) : IValueCheck
{
    public bool Passes(Value value) => value.KindCase == Value.KindOneofCase.BoolValue && value.BoolValue == Truth;
}

internal sealed record IsOneOfTexts(HashSet<string> Texts) : IValueCheck
{
    public bool Passes(Value value) => ValueKinds.AsText(value) is { } text && Texts.Contains(text);
}

internal sealed record IsOneOfIntegers(HashSet<long> Numbers) : IValueCheck
{
    public bool Passes(Value value) => value.KindCase == Value.KindOneofCase.IntegerValue && Numbers.Contains(value.IntegerValue);
}

/// <summary>Anything that is there and not one of the texts, values of other kinds included.</summary>
internal sealed record IsNotOneOfTexts(HashSet<string> Texts) : IValueCheck
{
    public bool Passes(Value value) => !ValueKinds.IsNull(value) && !(ValueKinds.AsText(value) is { } text && Texts.Contains(text));
}

/// <summary>Anything that is there and not one of the numbers, values of other kinds included.</summary>
internal sealed record IsNotOneOfIntegers(HashSet<long> Numbers) : IValueCheck
{
    public bool Passes(Value value) =>
        !ValueKinds.IsNull(value) && !(value.KindCase == Value.KindOneofCase.IntegerValue && Numbers.Contains(value.IntegerValue));
}

internal sealed record ContainsAnyOf(string[] Parts) : IValueCheck
{
    public bool Passes(Value value) =>
        ValueKinds.AsText(value) is { } text && Array.Exists(Parts, part => text.Contains(part, StringComparison.Ordinal));
}
